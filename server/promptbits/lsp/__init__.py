"""The language server: wiring of LSP to the rest. The only package that imports pygls."""
