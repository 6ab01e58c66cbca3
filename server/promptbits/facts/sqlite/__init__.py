"""Facts in one SQLite file, written by many processes at once."""
