"""Diagnostics: of open documents, and of the whole workspace."""
