"""The tasks that run as jobs, one module each."""
