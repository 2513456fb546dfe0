"""The criteria of `stash_typed.criteria`, and the filter fields that each of them fits."""
