"""Summaries put together to the rows of a report. Pure: the numbers come from `facts.statistics`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from promptbits.facts.statistics import Statistics, combine
from promptbits.facts.store import UNKNOWN_TEXT, Summary

By = Literal["prompt", "revision", "model", "variant", "day"]
Sort = Literal["id", "conversations", "success", "p50", "p95", "tokens", "cost", "rating", "last-seen"]

_SHORT: Final = 8


@dataclass(frozen=True, slots=True)
class Text:
    """The text that a prompt has now."""

    content_sha256: str
    revision: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is about, its numbers, and the summaries that they come from.

    `content_sha256` and `revision` are None in rows that are not about one text. `texts` counts the texts in it.
    """

    prompt_id: str
    label: str
    statistics: Statistics
    summaries: tuple[Summary, ...]
    content_sha256: str | None = None
    revision: int | None = None
    is_this_text: bool = False
    texts: int = 0


def rows(summaries: Iterable[Summary], by: By, now: Mapping[str, Text]) -> list[Row]:
    """The rows of a report, those of one prompt together, in the order in which a reader expects them.

    Args:
        summaries: what is known.
        by: what makes a row within a prompt.
        now: the text that each prompt has now. Its row is there even if nothing is known of it.
    """
    key = _KEYS[by]
    groups: dict[tuple[str, str], list[Summary]] = {}
    for each in summaries:
        groups.setdefault((each.prompt_id, key(each)), []).append(each)
    if by == "revision":
        for prompt_id, text in now.items():
            groups.setdefault((prompt_id, text.content_sha256), [])
    found = [_row(prompt_id, group, members, by, now.get(prompt_id)) for (prompt_id, group), members in groups.items()]
    return sorted(found, key=_ORDERS[by])


def ordered(found: Iterable[Row], sort: Sort, *, backwards: bool = False) -> list[Row]:
    """Rows with the most remarkable first; those of which it is not known come last in either order.

    Success is sorted by the lower end of its interval: one success in one trial is no reason to come first.
    """
    value = _VALUES[sort]
    known = [(value(row), row) for row in found]
    first = sorted(
        (pair for pair in known if pair[0] is not None),
        key=lambda pair: (pair[0], pair[1].prompt_id),
        reverse=(sort not in _ASCENDING) != backwards,
    )
    return [row for _, row in first] + [row for key, row in known if key is None]


def short(content_sha256: str) -> str:
    """As much of a hash as people tell texts apart by."""
    return content_sha256[:_SHORT]


def _row(prompt_id: str, group: str, members: list[Summary], by: By, now: Text | None) -> Row:
    statistics = combine(members)
    texts = len({each.content_sha256 for each in members})
    if by != "revision":
        return Row(prompt_id, _LABELS[by](group), statistics, tuple(members), texts=texts)
    is_this = now is not None and group == now.content_sha256
    latest = max((each for each in members if each.revision is not None), key=lambda each: each.last_seen, default=None)
    revision = now.revision if now is not None and is_this else latest.revision if latest else None
    if group == UNKNOWN_TEXT:
        label, revision = "text unknown", None
    else:
        label = f"{f'r{revision}' if revision is not None else 'r?'} {short(group)}"
        label += " (this text)" if is_this else ""
    return Row(prompt_id, label, statistics, tuple(members), group, revision, is_this, texts)


_KEYS: Final[dict[By, Callable[[Summary], str]]] = {
    "prompt": lambda row: "",
    "revision": lambda row: row.content_sha256,
    "model": lambda row: row.model,
    "variant": lambda row: row.variant,
    "day": lambda row: row.day,
}
_LABELS: Final[dict[By, Callable[[str], str]]] = {
    "prompt": lambda group: "",
    "model": lambda group: group or "model unknown",
    "variant": lambda group: group or "no variant",
    "day": lambda group: group,
}
_ORDERS: Final[dict[By, Callable[[Row], tuple[object, ...]]]] = {
    "prompt": lambda row: (-row.statistics.conversations, -row.statistics.executions, row.prompt_id),
    # The text of now, then the newest revision first; what nobody can tell comes last.
    "revision": lambda row: (
        row.prompt_id,
        not row.is_this_text,
        row.content_sha256 == UNKNOWN_TEXT,
        -(row.revision or 0),
        -row.statistics.last_seen,
    ),
    "model": lambda row: (row.prompt_id, -row.statistics.conversations, row.label),
    "variant": lambda row: (row.prompt_id, -row.statistics.conversations, row.label),
    "day": lambda row: (row.prompt_id, row.label),
}
_ASCENDING: Final = frozenset({"id"})
_VALUES: Final[dict[Sort, Callable[[Row], float | str | None]]] = {
    "id": lambda row: f"{row.prompt_id}\0{row.label}",
    "conversations": lambda row: row.statistics.conversations,
    "success": lambda row: row.statistics.rate.low if row.statistics.rate else None,
    "p50": lambda row: row.statistics.p50,
    "p95": lambda row: row.statistics.p95,
    "tokens": lambda row: _sum(row.statistics.input_tokens, row.statistics.output_tokens),
    "cost": lambda row: row.statistics.cost,
    "rating": lambda row: row.statistics.rating,
    "last-seen": lambda row: row.statistics.last_seen or None,
}


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None and other is None else (one or 0.0) + (other or 0.0)
