"""The eight collections: reading, changing and naming the things of a library.

Written as procedures without I/O; `client` and `sync` perform them.
"""
