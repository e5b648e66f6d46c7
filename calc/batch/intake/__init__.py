"""From what people hand in to columns: what is plainly right at once, the rest row by row."""
