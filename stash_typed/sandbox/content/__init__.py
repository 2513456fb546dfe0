"""Files: the folders that a sandbox may touch, what lies in them, and what it makes up.

Anything above `errors` may import it; it knows nothing of GraphQL or HTTP.
"""
