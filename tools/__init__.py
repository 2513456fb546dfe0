"""Commands for maintainers, run from the repository's top; nothing of the package imports them."""
