"""Copies of the data: JSON exports and imports, and databases without names.

`resolvers` and `tasks` import it.
"""
