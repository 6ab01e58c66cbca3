"""Reviews: what a finished optimization leaves for people to decide about, and what becomes of it."""
