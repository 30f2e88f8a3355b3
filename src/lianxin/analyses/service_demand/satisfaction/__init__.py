"""Satisfaction of customers and what drives it."""
