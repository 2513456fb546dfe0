"""What generated code and the clients stand on; imports nothing above itself."""
