"""From a caller's own model to a selection of the schema's fields. No I/O."""
