"""Subscriptions over a WebSocket of their own. Imported when one is opened, not before."""
