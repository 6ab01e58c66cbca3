"""Prompts: their model and schema, where they lie, the library over them, and rendering."""
