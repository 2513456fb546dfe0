"""The synchronous client. It shares models, requests, decoding and decisions with the other one.

What stands here is the thin end that waits: httpx.Client, plain iteration, no event loop.
"""
