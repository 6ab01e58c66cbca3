"""The protocol itself: bytes, messages, their order, and exactly one response to each request. Knows no prompt."""
