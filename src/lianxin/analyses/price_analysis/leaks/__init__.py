"""Agreements whose load does not look like their plan's class."""
