"""The eight collections: reading, changing and naming the things of a library.

The clients import it. All but `collections` and `ahead` is procedures and data, free of I/O.
"""
