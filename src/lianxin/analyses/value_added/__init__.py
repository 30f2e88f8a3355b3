"""Value-added services for large customers: load profiles and advice in money."""
