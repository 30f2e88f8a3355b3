"""Pure Ibis expressions that several analyses share."""
