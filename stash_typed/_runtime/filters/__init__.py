"""What `&`, `|` and `~` make of two filters; `filter_input` imports it when they are used."""
