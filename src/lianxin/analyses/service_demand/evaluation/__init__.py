"""Backtests of service demand."""
