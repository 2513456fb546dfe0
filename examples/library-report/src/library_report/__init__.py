"""What is in a Stash library, and what is left to do in it."""
