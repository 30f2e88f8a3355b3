"""A demo supplier with planted, documented truth."""
