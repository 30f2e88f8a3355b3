"""Front-end packages: npm fetches them at set-up, ``collect`` lays what pages use under static/vendor."""
