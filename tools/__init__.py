"""Commands for maintainers, run from the repository's root; the package does not import them."""
