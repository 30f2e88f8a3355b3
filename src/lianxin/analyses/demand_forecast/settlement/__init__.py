"""What called customers really did."""
