"""Demand priority: from topics to what to do first."""
