"""One module per command, named after it. Commands import each other's printing at most."""
