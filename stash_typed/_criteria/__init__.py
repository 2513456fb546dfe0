"""The criteria of `stash_typed.criteria`, which alone imports it, and the filter fields that each fits."""
