"""The texts of the prompts at hand: which one a prompt has now, and which one a revision of it had."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from promptbits.facts.ids import content_sha256
from promptbits.prompts.library import Library
from promptbits.prompts.lineage import lineage

# As many questions as are remembered: a file to import asks the same few again and again.
_REMEMBERED: Final = 16_384


class CurrentText(NamedTuple):
    """The text of a prompt as its file has it."""

    prompt_id: str
    content_sha256: str
    revision: int
    content: str


class Texts:
    """Looks texts up in a library; each file is read at most once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._now = lru_cache(maxsize=_REMEMBERED)(self._read)
        self._revision = lru_cache(maxsize=_REMEMBERED)(self._find)

    def now(self, prompt_id: str) -> CurrentText | None:
        """The text that is served under an id; None if there is no such prompt, or it has no readable content."""
        return self._now(prompt_id)

    def of_revision(self, prompt_id: str, revision: int) -> CurrentText | None:
        """The text of the one prompt in the lineage of another that has a revision; None if there is none, or several.

        A prompt that has the revision itself is the one, whatever else its lineage holds.
        """
        return self._revision(prompt_id, revision)

    def _find(self, prompt_id: str, revision: int) -> CurrentText | None:
        start = self._library.served(prompt_id)
        if start is None:
            return None
        if start.revision == revision:
            return self.now(start.id)
        found = {entry.id for entry in lineage(self._library, start) if entry.revision == revision}
        return self.now(next(iter(found))) if len(found) == 1 else None

    def _read(self, prompt_id: str) -> CurrentText | None:
        from promptbits.cli.show import read_prompt

        entry = self._library.served(prompt_id)
        if entry is None:
            return None
        try:
            content = read_prompt(entry).get("content")
        except OSError:
            return None  # it is gone since the library was read
        if not isinstance(content, str):
            return None
        return CurrentText(entry.id, content_sha256(content), entry.revision, content)
