"""PromptBits: a language server for prompts that live in git.

Importing this package is cheap on purpose: every command, and later every application, pays for it.
"""

__version__ = "0.1.0"
