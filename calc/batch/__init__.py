"""Many enterprises at once: the same rules over columns, from a pipe to a cluster."""
