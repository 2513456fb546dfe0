"""What a command reads from and writes to: streams, tables, progress, Ctrl-C. Knows no command."""
