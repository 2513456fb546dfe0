"""Schemas: introspection, limits on introspection results, and comparison."""
