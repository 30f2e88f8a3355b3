"""Why the average price moved."""
