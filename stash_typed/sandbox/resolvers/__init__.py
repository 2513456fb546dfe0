"""The resolvers, one module per noun; importing a module declares them in the registry."""
