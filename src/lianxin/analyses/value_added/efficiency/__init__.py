"""Efficiency measures: each changes the customer's own load, and the bill engine says what that saves."""
