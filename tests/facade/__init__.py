"""The facade's suite: one for the sandbox and a real server."""
