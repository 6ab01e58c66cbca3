"""Taking facts in from a file, each once: what is missing is filled in, what has no right form is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from promptbits.facts.fields import checked
from promptbits.facts.ids import content_sha256
from promptbits.facts.interchange.identity import Ids
from promptbits.facts.interchange.lines import Read, Refused
from promptbits.facts.store import UNKNOWN_TEXT, Appended, Fact, InvalidFactError

# A template among facts is written as a table of this kind, which is no fact.
TEXT_KIND: Final = "text"

_BATCH: Final = 5_000
# Kinds whose facts are about the text of a prompt that ran.
_ABOUT_TEXTS: Final = frozenset({"execution", "feedback"})


class Text(NamedTuple):
    """A text of the library: its hash and its template."""

    content_sha256: str
    content: str


TextOf = Callable[[str, int], Text | None]


class Target(Protocol):
    """Where facts go."""

    def append(self, facts: list[Fact]) -> Appended:
        """Add facts. Those that are known are left alone."""
        ...

    def keep_text(self, content_sha256: str, content: str) -> None:
        """Keep a template."""
        ...


@dataclass
class Tally:
    """What became of the facts of a file so far. `filled` facts got the text of their revision."""

    added: int = 0
    repeated: int = 0
    refused: int = 0
    filled: int = 0
    texts: int = 0
    dropped_texts: int = 0


class Importer:
    """Takes the facts of one file in.

    Args:
        target: where they go.
        text_of: the text that a revision of a prompt had, if it is known.
        refuse: is told of each line that is no fact.
        keep_text: whether what users wrote is kept.
    """

    def __init__(
        self, target: Target, text_of: TextOf, refuse: Callable[[Refused], None], *, keep_text: bool = False
    ) -> None:
        self._target = target
        self._text_of = text_of
        self._refuse = refuse
        self._keep_text = keep_text
        self._batch: list[Read] = []
        self._kept: set[str] = set()
        self.tally = Tally()

    def run(self, source: Iterable[Read | Refused]) -> Iterator[int]:
        """Take everything in, batch by batch; gives the line that was reached after each."""
        with Ids() as ids:
            for each in source:
                if isinstance(each, Refused):
                    self._say(each)
                    continue
                try:
                    self._take(each, ids)
                except ValueError as error:
                    self._say(Refused(each.line, str(error)))
                if len(self._batch) >= _BATCH:
                    yield self._flush()
            yield self._flush()

    def _take(self, read: Read, ids: Ids) -> None:
        fact = read.fact
        kind: Any = fact.get("kind")
        if kind == TEXT_KIND:
            self._take_text(fact)
            return
        if fact.get("id") is None:
            fact["id"] = ids.id_of(fact)
        if kind in _ABOUT_TEXTS:
            sha256: Any = fact.get("content_sha256")
            if sha256 is None:
                self._fill(fact)
            elif sha256 == UNKNOWN_TEXT:  # it is known that nobody knows
                del fact["content_sha256"]
            if not self._keep_text and fact.get("text") is not None and kind == "feedback":
                del fact["text"]
                self.tally.dropped_texts += 1
        self._batch.append(read)

    def _fill(self, fact: Fact) -> None:
        """Give a fact the text of its revision. A feedback that names its execution gets that of the execution."""
        prompt_id, revision = fact.get("prompt_id"), fact.get("revision")
        if type(revision) is not int or not isinstance(prompt_id, str) or fact.get("execution_id") is not None:
            return
        text = self._text_of(prompt_id, revision)
        if text is None:
            return
        fact["content_sha256"] = text.content_sha256
        self.tally.filled += 1
        if text.content_sha256 not in self._kept:
            self._kept.add(text.content_sha256)
            self._target.keep_text(text.content_sha256, text.content)

    def _take_text(self, table: Fact) -> None:
        content, sha256 = table.get("content"), table.get("content_sha256")
        if not isinstance(content, str) or not isinstance(sha256, str) or sha256 != content_sha256(content):
            raise ValueError("text: content_sha256 is not the SHA-256 of content")
        self._target.keep_text(sha256, content)
        self.tally.texts += 1

    def _flush(self) -> int:
        batch, self._batch = self._batch, []
        if not batch:
            return 0
        try:
            done = self._target.append([read.fact for read in batch])
        except InvalidFactError:
            done = self._target.append(list(self._sound(batch)))
        self.tally.added += done.added
        self.tally.repeated += done.repeated
        return batch[-1].line

    def _sound(self, batch: Iterable[Read]) -> Iterator[Fact]:
        for line, fact in batch:
            try:
                yield checked(fact)
            except InvalidFactError as error:
                self._say(Refused(line, str(error)))

    def _say(self, refused: Refused) -> None:
        self.tally.refused += 1
        self._refuse(refused)


class Rehearsal:
    """A target that only looks. Facts that are in a store count as repeated."""

    def __init__(self, is_known: Callable[[str], bool]) -> None:
        self._is_known = is_known

    def append(self, facts: list[Fact]) -> Appended:
        """Say what would become of facts.

        Raises:
            InvalidFactError: one has the wrong form.
        """
        sound = [checked(fact) for fact in facts]
        repeated = sum(self._is_known(fact["id"]) for fact in sound)
        return Appended(len(sound) - repeated, repeated)

    def keep_text(self, content_sha256: str, content: str) -> None:
        """Keep nothing."""
