"""Demand forecast: load, energy and peak, balances, the peak-shifting plan."""
