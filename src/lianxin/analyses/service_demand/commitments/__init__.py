"""Promises of service: when each falls due, whether it was kept, and what is about to be broken."""
