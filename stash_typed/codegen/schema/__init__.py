"""Schemas: asking a server for its own, bounds for what it answers, and what two of them differ in."""
