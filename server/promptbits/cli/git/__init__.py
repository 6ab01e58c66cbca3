"""Prompts in git: diffs that people can read, and merges that do not conflict on one long line."""
