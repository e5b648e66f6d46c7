"""From rows of any notation to a portfolio: what is plainly right at once, the rest to the strict loader."""
