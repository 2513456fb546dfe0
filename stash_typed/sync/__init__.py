"""The synchronous client, written by `make generate` from the asynchronous one.

By hand are `jobs.py`, `job_ledger.py`, `fetching.py` and `ahead.py`: without an event loop they differ.
"""
