"""A points scorecard for any table: binned, additive, calibrated, readable as a table, as SQL and JSON."""
