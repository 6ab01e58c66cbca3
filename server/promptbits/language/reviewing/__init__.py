"""Better versions of a prompt in the editor: what can be asked for, what is proposed, and what can be decided."""
