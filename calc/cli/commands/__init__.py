"""The commands as they are written on the command line: their names, options and help pages."""
