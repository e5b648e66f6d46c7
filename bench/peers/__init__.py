"""This program beside others that could carry the same rules: one work set, one machine, one table."""
