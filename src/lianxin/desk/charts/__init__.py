"""ECharts options, built on the server."""
