"""What answers queries and mutations, a module for each noun: `declaring` makes what all nouns share.

`schema` imports every module, which declares itself in the registry; no SQL but that of a field.
"""
