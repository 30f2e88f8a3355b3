"""Prices: why they moved, what a change would do, where they leave their costs or lose to another fuel."""
