"""The peak-shifting plan: which customers are called when and with how much, at least cost."""
