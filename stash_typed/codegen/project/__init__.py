"""A user's own client: settings, documents, generation and upgrades."""
