"""Customers and the page of one."""
