"""What is measured about prompts: facts, the store that keeps them, and the statistics that are read from it."""
