"""Payment terms: exposure, the cost of each term, and which term costs least."""
