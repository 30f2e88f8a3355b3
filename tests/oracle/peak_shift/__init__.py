"""Plans for a shortage against rules and searches of their own."""
