"""Arrears, the dunning ladder and the earliest lawful day of each step."""
