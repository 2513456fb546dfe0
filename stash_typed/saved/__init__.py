"""Saved filters of the server, converted to filter inputs. No I/O.

`library` imports it when a saved filter is used; its procedures describe requests and send nothing.
"""
