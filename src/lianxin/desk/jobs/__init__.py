"""Long work in the background: runs and imports, with progress and cancel."""
