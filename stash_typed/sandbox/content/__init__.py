"""Files: the folders that a sandbox may access, their content, and synthetic files.

Anything above `errors` may import it; it knows nothing of GraphQL or HTTP.
"""
