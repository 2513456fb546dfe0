"""Servers of other releases: what they lack, how the client learns it, and what it leaves out."""
