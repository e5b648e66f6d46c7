"""Text and cells of spreadsheets as the contents of documents: dotted columns, a sheet a table, NDJSON."""
