"""Service demand: topics, rising issues, root causes, priorities, satisfaction and promises kept."""
