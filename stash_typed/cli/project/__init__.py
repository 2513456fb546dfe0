"""What the commands around the generator share: the caller's pyproject.toml, schemas, reports."""
