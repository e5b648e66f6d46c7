"""The rules over columns: what ``calc.engine`` does for one enterprise, for many at once."""
