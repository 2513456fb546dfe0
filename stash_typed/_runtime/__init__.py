"""The leaf layer: everything that generated code stands on, importing nothing above itself."""
