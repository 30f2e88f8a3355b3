"""Why each bill changed."""
