"""From a caller's own model to a selection of the schema's fields. No I/O.

`library` imports it, and `stash_typed.selection` is its door; it knows nothing of documents.
"""
