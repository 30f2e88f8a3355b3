"""Customers who may leave for another supplier."""
