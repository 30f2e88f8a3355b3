"""Recovery of what was billed, by district, class and month (电费回收)."""
