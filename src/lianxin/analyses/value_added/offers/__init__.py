"""Services that a supplier can sell: which to offer whom, at what price, and what the customer gains."""
