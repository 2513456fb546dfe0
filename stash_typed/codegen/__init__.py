"""From an introspected schema and `.graphql` operations to a typed client (extra "codegen").

Imports nothing of the client: what is here runs before there is one.
"""
