"""Values as the protocol writes them: positions, ranges, addresses, and what parameters name."""
