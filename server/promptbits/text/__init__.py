"""Ground floor: text with positions. Knows no prompt and no protocol."""
