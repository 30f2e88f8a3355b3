"""Electricity against other energies."""
