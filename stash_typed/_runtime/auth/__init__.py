"""Credentials and signing in; sends nothing itself, `http.exchange` does."""
