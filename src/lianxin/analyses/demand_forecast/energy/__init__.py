"""Energy and peak by month: weather years, new connections, economy."""
