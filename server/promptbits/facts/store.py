"""The contract of a fact store. One implementation is embedded; a server-side one has to pass the same tests.

A fact is a table in the form of its schema: `kind`, `id` (a UUIDv7), `timestamp` (RFC 3339, UTC), `metadata`, and the
fields of its kind. Facts are plain tables here, because applications write them and must not pay for models.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Fact = dict[str, Any]

# Stores number them in this order: a new kind comes last.
Kind = Literal[
    "execution",
    "feedback",
    "context_signature",
    "code_index",
    "tech_stack",
    "code_pattern",
    "evolution",
    "ab_test_result",
    "training",
]
Outcome = Literal["succeeded", "failed", "unknown"]

# Stands for the text of a fact that names none.
UNKNOWN_TEXT = ""


class StoreError(Exception):
    """A store cannot be opened, read or written; the text names the file and says what to do."""


class DamagedStoreError(StoreError):
    """A file is no fact store, or no longer: to wait or to try again does not help."""


class InvalidFactError(ValueError):
    """A fact does not have the form of its kind; the text says which field, and never quotes a prompt."""


@dataclass(frozen=True, slots=True)
class Appended:
    """How many facts were added, and how many were there already."""

    added: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What is counted of one text under one id, one variant and one model on one day (UTC, `2026-11-20`).

    Successes and failures count conversations, by their first known outcome and on its day; executions count runs.
    `latency` maps the buckets of `facts.histogram` to runs. Money is in millionths of a millionth of a dollar and
    ratings in thousandths, so that sums are exact in any order. Times are milliseconds since 1970.
    """

    prompt_id: str
    content_sha256: str
    variant: str
    model: str
    day: str
    revision: int | None = None
    executions: int = 0
    successes: int = 0
    failures: int = 0
    latency: Mapping[int, int] | None = None
    input_tokens: int = 0
    input_counted: int = 0
    output_tokens: int = 0
    output_counted: int = 0
    cost_pico_usd: int = 0
    priced: int = 0
    rating_milli: int = 0
    rated: int = 0
    last_seen: int = 0


class FactReader(Protocol):
    """The part of a store that the editor and reports read. Nothing here scans executions but `executions` itself."""

    def summaries(self, prompt_ids: Iterable[str] | None = None) -> list[Summary]:
        """The summaries of some prompts, or of all, ordered by prompt, text, variant, model and day."""
        ...

    def change_counter(self) -> int:
        """A number that grows with every change of the store, cheap enough to ask every second."""
        ...


class FactStore(FactReader, Protocol):
    """A place for facts. Safe for several threads and processes; every method may raise `StoreError`."""

    def append(self, facts: Sequence[Fact]) -> Appended:
        """Add facts and what they change in the summaries, all together or not at all. Known ids are left alone.

        Raises:
            InvalidFactError: a fact has the wrong form; none is added.
        """
        ...

    def keep_text(self, content_sha256: str, content: str) -> None:
        """Keep a template, once for each hash."""
        ...

    def text(self, content_sha256: str) -> str | None:
        """A template that was kept."""
        ...

    def get(self, fact_id: str) -> Fact | None:
        """A fact by its id."""
        ...

    def facts(
        self,
        *,
        kinds: Iterable[Kind] | None = None,
        prompt_id: str | None = None,
        since: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Fact]:
        """Facts in the order of their times: executions of a prompt, recent feedback, the history of evolutions.

        Args:
            kinds: only these.
            prompt_id: only facts about this prompt.
            since: only those from this RFC 3339 time on.
            newest_first: the other order.
            limit: at most so many.
        """
        ...

    def by_technology(self, name: str, *, limit: int = 100) -> list[Fact]:
        """The `tech_stack` facts that name a technology, the newest first."""
        ...

    def similar(self, signature: str, *, limit: int = 100) -> list[Fact]:
        """The executions with a context signature, the newest first."""
        ...

    def above(self, rate: float, *, at_least: int = 30) -> list[tuple[str, str]]:
        """(prompt id, content hash) of texts whose measured success rate is at least this, the best first.

        Args:
            rate: 0 to 1.
            at_least: conversations with a known outcome.
        """
        ...

    def close(self) -> None:
        """Give back what is open. A closed store opens again when it is used."""
        ...
