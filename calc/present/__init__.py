"""How answers are shown: JSON, TOML, CSV, Markdown and tables, in two languages."""
