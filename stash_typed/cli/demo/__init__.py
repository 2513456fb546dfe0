"""`stash-typed demo`: from a schema to results in one go, on a sandbox or on the caller's server.

On a server of the caller's it only does what changes nothing there.
"""
