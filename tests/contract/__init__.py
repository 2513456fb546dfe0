"""Tests against recorded exchanges with a real server."""
