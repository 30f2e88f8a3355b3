"""How energy answers to price."""
