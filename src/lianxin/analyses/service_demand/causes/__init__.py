"""Root causes: where a topic, or a broken promise, is over-represented."""
