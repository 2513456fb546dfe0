"""Input and output of the commands: streams, tables, progress, Ctrl-C. Imports no command."""
