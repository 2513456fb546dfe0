"""The runtime of generated code and the clients; imports nothing above itself."""
