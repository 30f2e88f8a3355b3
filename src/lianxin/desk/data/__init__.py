"""Tables, imports, runs."""
