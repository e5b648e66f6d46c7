"""`subsidy new --ask`: an interview in the terminal."""
