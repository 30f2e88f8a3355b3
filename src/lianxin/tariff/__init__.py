"""The bill engine: price plans and bills, exact to the fen."""
