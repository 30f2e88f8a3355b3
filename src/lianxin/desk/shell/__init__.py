"""The frame of every page: navigation, languages, numbers, errors."""
