"""The generated package: the ariadne-codegen plugin, its writers, and the audit of their output."""
