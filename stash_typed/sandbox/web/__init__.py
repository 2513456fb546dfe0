"""The web application around a sandbox: routes, guards, sockets and the server that runs them.

Only `server` imports it; nothing here answers a GraphQL field.
"""
