"""How prompts hang together: the prompts they name, their lineage, their triggers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from promptbits.checks.finding import Edit, Finding, Fix, Related
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import shown
from promptbits.prompts.entry import Entry, entry_of_value
from promptbits.prompts.library import trigger_key
from promptbits.text.json_string import encode

# A lineage longer than this is not followed: a keystroke must not cost more for it.
_MOST_ANCESTORS = 200
# More than this says nothing new.
_MOST = 100
# What was meant is looked for among all ids of the library, so only for this many: 1 ms each among 10,000.
_MOST_GUESSES = 20


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Whether the prompts that are named exist, and whether another one stands in the way."""
    yield from islice(_unknown(snapshot), _MOST)
    yield from _cycle(snapshot)
    yield from _trigger(snapshot)


def _unknown(snapshot: Snapshot) -> Iterator[Finding]:
    parent, related = snapshot.prompt.get("parent"), snapshot.prompt.get("related")
    named: list[tuple[tuple[str | int, ...], Any]] = [(("parent",), parent)]
    if isinstance(related, list):
        named += [(("related", index), item) for index, item in enumerate(cast("list[Any]", related))]
    own = snapshot.prompt.get("id")
    guesses = 0
    for path, id_ in named:
        if not isinstance(id_, str) or not id_:
            continue
        if id_ == own and path[0] == "related":
            message = "a prompt is not related to itself"
            yield Finding("unknown-reference", "warning", message, *snapshot.value_range(path))
        elif id_ != own and snapshot.library.complete and not snapshot.library.by_id(id_):
            where = snapshot.value_range(path)
            meant = snapshot.library.nearest_id(id_) if guesses < _MOST_GUESSES else None
            meant = None if meant == own else meant
            guesses += 1
            hint = f': did you mean "{shown(meant)}"?' if meant else ""
            fix = Fix(f'Change to "{shown(meant)}"', (Edit(*where, f'"{encode(meant)}"'),)) if meant else None
            yield Finding("unknown-reference", "warning", f'there is no prompt "{shown(id_)}"{hint}', *where, fix)


def _cycle(snapshot: Snapshot) -> Iterator[Finding]:
    own, parent = snapshot.prompt.get("id"), snapshot.prompt.get("parent")
    if not isinstance(own, str) or not isinstance(parent, str) or not own or not parent:
        return
    chain = [own]
    current = parent
    while current and current != own and current not in chain and len(chain) < _MOST_ANCESTORS:
        chain.append(current)
        served = snapshot.library.served(current)
        current = served.parent if served else ""
    if current != own:
        return  # either no cycle, or one further up: it is reported in the files that form it
    names = [shown(id_, 40) for id_ in chain]
    way = " → ".join([*names, names[0]]) if len(chain) <= 6 else f"{' → '.join(names[:5])} → … → {names[0]}"
    related = tuple(
        Related("its parent is named here", served.path, key="parent")
        for id_ in chain[1:10]
        if (served := snapshot.library.served(id_))
    )
    message = f"the prompt descends from itself: {way}"
    yield Finding("lineage-cycle", "warning", message, *snapshot.value_range(("parent",)), None, related)


def _trigger(snapshot: Snapshot) -> Iterator[Finding]:
    # The same kind and name in two prompts: both fire. What shadows or descends from the other does not count, nor
    # what goes together by the word of both.
    if snapshot.path is None or not isinstance(snapshot.prompt.get("trigger"), dict):
        return
    path = str(snapshot.path)
    own = snapshot.library.by_path(path) or entry_of_value(path, snapshot.layer or "custom", snapshot.prompt)
    if not own.trigger_name:
        return
    base = _base(snapshot, own)
    others = [
        entry
        for entry in snapshot.library.by_trigger(trigger_key(own))
        if _competes(own, entry) and not _relate(own, entry) and _base(snapshot, entry) != base
    ]
    if not others:
        return
    names = ", ".join(shown(entry.id, 40) for entry in others[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    message = f'{own.trigger_kind} "{shown(own.trigger_name)}" also triggers {names}{more}'
    related = tuple(Related("the same trigger", entry.path, key="trigger") for entry in others[:10])
    where = snapshot.value_range(("trigger", own.trigger_kind))
    yield Finding("duplicate-trigger", "information", message, *where, None, related)


def _competes(own: Entry, other: Entry) -> bool:
    return other.path != own.path and other.id not in ("", own.id) and other.layer != "shipped"


def _relate(own: Entry, other: Entry) -> bool:
    """Whether two prompts name each other as related: their authors know that both fire, as for parts of a whole."""
    return other.id in own.related and own.id in other.related


def _base(snapshot: Snapshot, entry: Entry) -> str:
    """The first ancestor of a prompt: those that have it in common are one prompt in several revisions."""
    line = [entry.id]
    current: Entry | None = entry
    while current and current.parent and len(line) < _MOST_ANCESTORS:
        if current.parent in line:
            return min(line[line.index(current.parent) :])  # a circle has no first one: one that all agree on
        line.append(current.parent)
        current = snapshot.library.served(current.parent)
    return line[-1]
