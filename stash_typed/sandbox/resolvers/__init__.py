"""The resolvers of queries and mutations, a module for each noun; `declaring` has the shared ones.

`schema` imports every module, which declares itself in the registry; no SQL but that of a field.
"""
