"""How a prompt is built: what can be folded, what a selection grows to, and where links lead."""
