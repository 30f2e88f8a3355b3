"""Connection requests on their way: where they stand, how long the stages take, what will be connected."""
