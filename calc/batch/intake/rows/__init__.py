"""Documents as a portfolio: what they hold becomes columns, which are read as those of any table."""
