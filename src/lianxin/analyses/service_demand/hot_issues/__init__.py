"""Hot issues: topics that rise in a district beyond their own expectation."""
