"""Who the client is to the server, and how it signs in. No I/O: `http` sends what is decided here."""
