"""Tiers of customers by what they earn and how they pay, never by how much they use."""
