"""Arrow tables as a portfolio: column by column, read as the strict loader reads each of their leaves."""
