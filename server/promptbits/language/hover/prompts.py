"""What is known of the prompts that an id or a trigger names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from promptbits.checks.snapshot import Snapshot
from promptbits.language.hover.keys import description_of
from promptbits.language.markup import bullets, code, counted, listed, prose
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import trigger_key

_MOST: Final = 8


def describe_own_id(snapshot: Snapshot, id_: str) -> list[str]:
    """The paragraphs about the id of this prompt: which file wins, and who names it."""
    entries = snapshot.library.by_id(id_)
    path = str(snapshot.path) if snapshot.path else ""
    title = f"Prompt {code(id_)}"
    rows: list[str] = []
    own = next((entry for entry in entries if entry.path == path), None)
    if own is None:
        where = "lies in no prompt folder" if snapshot.layer is None else "is not in the library yet"
        title += f" · this file {where}"
    elif own is not entries[0]:
        state = "is a duplicate in its layer" if own.layer == entries[0].layer else "is shadowed"
        title += f" · this file {state}: another one wins"
    else:
        title += " · this file"
    naming = dict.fromkeys(entry.id or Path(entry.path).name for entry in snapshot.library.by_reference(id_))
    if naming:
        names = listed(map(code, naming), len(naming), _MOST)
        rows.append(f"Named as parent or related by {counted(len(naming), 'prompt')}: {names}")
    if not entries:
        return [title, bullets(rows)] if rows else [title]
    return [title, *_described(snapshot, entries, rows)]


def describe_reference(snapshot: Snapshot, id_: str) -> list[str]:
    """The paragraphs about another prompt that is named by its id."""
    entries = snapshot.library.by_id(id_)
    if entries:
        itself = " · this prompt itself" if id_ == snapshot.prompt.get("id") else ""
        return [f"Prompt {code(id_)}{itself}", *_described(snapshot, entries, [])]
    if snapshot.library.complete:
        return [f"There is no prompt {code(id_)}"]
    return [f"No prompt {code(id_)} has been found yet: the library is still being read"]


def describe_trigger(snapshot: Snapshot, kind: str, name: str) -> list[str]:
    """The paragraphs about a trigger: what its kind means, and the other prompts that it calls for."""
    meaning = description_of(("trigger", kind))
    if not meaning:
        return []
    title = f"Trigger {code(kind)}" + (f" {code(name)}" if name else "")
    if not name:
        return [title, meaning]
    own = snapshot.prompt.get("id")
    key = trigger_key(Entry("", "custom", "", trigger_kind=kind, trigger_name=name))
    others: dict[str, Entry] = {}
    for entry in snapshot.library.by_trigger(key):
        if entry.path != str(snapshot.path) and (not entry.id or entry.id != own):
            others.setdefault(entry.id or entry.path, entry)
    so_far = "" if snapshot.library.complete else " so far: the library is still being read"
    if not others:
        return [title, meaning, bullets([f"Triggers no other prompt{so_far}"])]
    rows = [_row(snapshot, entry) for entry in list(others.values())[:_MOST]]
    if len(others) > len(rows):
        rows.append(f"and {len(others) - len(rows):,} more")
    head = f"Also triggers {counted(len(others), 'other prompt')}{so_far}"
    return [title, meaning, f"{bullets([head])}\n{bullets(rows, 1)}"]


def _described(snapshot: Snapshot, entries: list[Entry], more: list[str]) -> Iterator[str]:
    """The prompt that wins, and what it wins over."""
    winner, *others = entries
    if winner.description.strip():
        yield prose(winner.description)
    rows = [f"{'Wins' if others else 'File'}: {_place(snapshot, winner)}"]
    for label, losers in (
        ("Shadows", [entry for entry in others if entry.layer != winner.layer]),
        ("Duplicates of it in the same layer", [entry for entry in others if entry.layer == winner.layer]),
    ):
        if losers:
            rows.append(f"{label}: {listed((_place(snapshot, entry) for entry in losers), len(losers), _MOST)}")
    if winner.trigger_name:
        rows.append(f"Trigger: {code(winner.trigger_kind)} {code(winner.trigger_name)}")
    if winner.category:
        rows.append(f"Category: {code(winner.category)}")
    if winner.version:
        rows.append(f"Version: {code(winner.version)}")
    yield bullets([*rows, *more])


def _row(snapshot: Snapshot, entry: Entry) -> str:
    """A prompt in a list: its id, what it does, and whether another file of its id wins."""
    text = code(entry.id or Path(entry.path).name)
    if entry.description.strip():
        text += f": {prose(entry.description, 80)}"
    winner = snapshot.library.served(entry.id)
    return text + (" (another file of this id wins)" if winner and winner.path != entry.path else "")


def _place(snapshot: Snapshot, entry: Entry) -> str:
    """The file of a prompt, relative to the root, and its layer."""
    path = Path(entry.path)
    relative = snapshot.root.relative(path) if snapshot.root else None
    layer = "shipped with PromptBits" if entry.layer == "shipped" else f"layer {entry.layer}"
    return f"{code(relative.as_posix() if relative else path.name, 160)} ({layer})"
