"""Files that come from the server: their names, how they come into their place, and what fetches them."""
