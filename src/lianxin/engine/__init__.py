"""The Ibis connection: DuckDB on one machine, Spark on many."""
