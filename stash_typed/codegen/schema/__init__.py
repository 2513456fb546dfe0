"""Schemas: introspection, bounds for what a server answers, and comparison."""
