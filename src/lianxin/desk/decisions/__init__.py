"""What people decided on proposals; goes back to the facts at the next run."""
