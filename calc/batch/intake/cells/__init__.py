"""Cells of spreadsheets as the contents of documents: dotted columns, or a sheet a table."""
