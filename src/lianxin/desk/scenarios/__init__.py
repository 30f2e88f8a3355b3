"""What-if and peak-shifting: asked for in the browser, computed in the background."""
