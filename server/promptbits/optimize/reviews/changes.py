"""Changes of files that somebody has yet to make: an editor so that they can be undone, a command on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from promptbits.checks.finding import Edit


@dataclass(frozen=True, slots=True)
class CreatedFile:
    """A new file with its text. Nothing may lie there yet."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class EditedFile:
    """Edits of the text of a file, in order and without overlap. `before` is the text that they are of."""

    path: Path
    before: str
    edits: tuple[Edit, ...]

    @property
    def after(self) -> str:
        """The text with the edits made."""
        return edited(self.before, self.edits)


FileChange = CreatedFile | EditedFile


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """A text with edits made."""
    for edit in reversed(edits):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text
