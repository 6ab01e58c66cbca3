"""What can go wrong when an application asks for a prompt. Recording what happened never raises."""

from __future__ import annotations


class PromptError(Exception):
    """A prompt cannot be loaded or saved; the text names the file or the id, and says what to do."""


class PromptNotFoundError(PromptError, LookupError):
    """No prompt has this id."""


class PromptUnreadableError(PromptError):
    """The file of a prompt is not in order."""


class PromptExistsError(PromptError):
    """There is a prompt of this id already, and nothing was overwritten."""


class InvalidPromptError(PromptError, ValueError):
    """What should be saved is no prompt."""
