"""Documents as a portfolio: leaf by leaf, with readers that take what the strict loader takes."""
