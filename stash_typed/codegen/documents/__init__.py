"""GraphQL documents: reading, checking and pruning them. Knows no Python that is generated."""
