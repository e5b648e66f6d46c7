"""What a whole portfolio of applicants would cost, and what other rules would change of it."""
