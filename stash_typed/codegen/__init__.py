"""Generates a typed client from a schema and `.graphql` operations (extra "codegen").

Imports nothing of the client: what is here runs before there is one.
"""
