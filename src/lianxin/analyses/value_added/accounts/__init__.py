"""Key accounts: large customers ranked by more than their size, and what service they are entitled to."""
