"""The generated package: the ariadne-codegen plugin, its writers, and the audit of what they wrote."""
