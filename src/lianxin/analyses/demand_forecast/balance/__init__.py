"""Energy and power that are needed against what is there."""
