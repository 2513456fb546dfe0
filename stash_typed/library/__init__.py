"""The eight collections: reading, changing and naming the items of a library.

The clients import it. All modules but `collections` and `ahead` are procedures and data, free of I/O.
"""
