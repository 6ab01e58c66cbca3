"""Checks: from a snapshot of one prompt to findings."""
