"""Texts of cases: cleaned, masked, cut into words and character n-grams."""
