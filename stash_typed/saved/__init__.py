"""Filters that the server keeps, read as filter inputs. No I/O.

`library` imports it when a saved filter is asked for; it asks by procedures, and sends nothing itself.
"""
