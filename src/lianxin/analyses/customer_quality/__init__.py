"""Customer quality: what customers earn, whether and when they pay, on which terms to supply them, who may leave."""
