"""The criteria of `stash_typed.criteria`, its only importer, and the filter fields each one fits."""
