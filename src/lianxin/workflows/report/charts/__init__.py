"""Charts as SVG: lines, stacked bars, heat maps; readable in print, one accent colour, no script."""
