"""One definition of every table, code and reason; validation, docs and templates come from it."""
