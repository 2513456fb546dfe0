"""Generates a typed client from a schema and `.graphql` operations (extra "codegen").

Imports nothing from the client, because it runs before the client exists.
"""
