"""The Delta lake: readers, mappings, validation, import and quarantine."""
