"""Who the client is to the server, and how it signs in; `exchange` sends what is decided here."""
