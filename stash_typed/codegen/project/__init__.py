"""A user's own client: its settings, its documents, generating and upgrading it."""
