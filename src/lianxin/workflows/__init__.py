"""Import, run, export, report, demo: the only place with a clock, files and progress."""
