"""What every layer stands on: errors, languages, periods, money, calendar, settings."""
