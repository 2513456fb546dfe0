"""`stash-typed demo`: a tour of the package, on a sandbox or on the user's server.

On the user's server it is read-only.
"""
