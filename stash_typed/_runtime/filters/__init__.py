"""The logic of `&`, `|` and `~` on filters; only `filter_input` imports it, when they are used."""
