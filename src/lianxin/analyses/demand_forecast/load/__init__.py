"""Load by area and class: series, weather, models, quantiles."""
