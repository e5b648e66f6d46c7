"""Answers as files: text, columns and sheets, each written table by table."""
