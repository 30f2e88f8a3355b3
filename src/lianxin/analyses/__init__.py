"""The five analyses; each reads facts and writes results, none knows another."""
