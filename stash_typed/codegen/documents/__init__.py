"""GraphQL documents: reading, checking and pruning. Knows nothing of the generated Python."""
