"""Support for servers of other releases: learning their schema, and pruning documents to it."""
