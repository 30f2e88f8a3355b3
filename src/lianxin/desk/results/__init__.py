"""Pages of the analyses and of every result table."""
