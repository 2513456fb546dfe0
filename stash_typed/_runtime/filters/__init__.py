"""What `&`, `|` and `~` make of two filters, and which of them the server answers rightly. No I/O."""
