"""Servers of other versions than the client was made for."""
