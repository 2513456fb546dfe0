"""Running GraphQL: documents, variables, scalars and the registry that resolvers are declared in.

`resolvers`, `tasks` and `web` import it; no root field is answered here.
"""
