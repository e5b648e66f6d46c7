"""What the rules say: the records of a rules file, overlays over it, and the checks it has to pass."""
