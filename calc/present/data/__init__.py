"""Answers as data and documents: JSON, TOML, CSV, Markdown, iCalendar."""
