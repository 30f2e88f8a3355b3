"""What each customer earns: revenue less the full cost, from bills alone or with more."""
