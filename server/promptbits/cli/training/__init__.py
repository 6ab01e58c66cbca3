"""What `promptbits train` does: learning, rolling back, and saying what came of it."""
