"""The sections of a customer's energy report, one file each: from what was read to what is said."""
