"""What a change of prices would do."""
