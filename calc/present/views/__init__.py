"""What a person reads: tables and texts for a terminal."""
