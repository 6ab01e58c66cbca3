"""What editors draw into the text of a prompt: colours, hints between the words, and lines above it."""
