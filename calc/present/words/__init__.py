"""Words for what the engine and the rules say as data."""
