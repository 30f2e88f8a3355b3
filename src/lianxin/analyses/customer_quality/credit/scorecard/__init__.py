"""A points scorecard for any table of predictors: binned, additive, calibrated, readable as a table, as SQL and JSON."""
