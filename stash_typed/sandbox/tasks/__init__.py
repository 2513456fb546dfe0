"""The tasks that run as jobs, a module each; `schema` imports them as it does the resolvers."""
