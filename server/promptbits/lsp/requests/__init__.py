"""Requests: from parameters to a pure function of `language/`, and back."""
