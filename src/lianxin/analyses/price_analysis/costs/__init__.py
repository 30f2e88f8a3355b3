"""Price against cost to serve."""
