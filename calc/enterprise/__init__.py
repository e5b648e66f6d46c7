"""What an enterprise declares: exact figures, the words of its file, and the strict loader."""
