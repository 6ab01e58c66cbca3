"""Code lenses: what a prompt evolved from and into, which file of its id is served, and what is measured of it.

All stand where the prompt opens, so that they stay where they are while its text is broken; what is measured stands
with the id. A title holds ids, names of files and numbers, and no other text of prompts. What cannot be told for the
moment is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from promptbits.checks.snapshot import Snapshot
from promptbits.language.markup import counted, printable
from promptbits.language.measured.lens import titles
from promptbits.prompts.entry import Entry

LensCommand = Literal["open", "diff", "lineage", "stats"]

_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Lens:
    """A line to draw above text[start:end]; `source` says which part it comes from.

    With a click, `open` shows the first of the target files or lets choose among several, `diff` compares the two
    targets, `lineage` shows the prompts that the targets are, and `stats` the statistics of the target.
    """

    start: int
    end: int
    source: str
    title: str
    command: LensCommand | None = None
    targets: tuple[str, ...] = ()


def lenses(snapshot: Snapshot) -> list[Lens]:
    """The lenses of a prompt, in the order in which they are drawn."""
    return [lens for source in SOURCES for lens in source(snapshot)]


def lens_range(snapshot: Snapshot) -> tuple[int, int] | None:
    """Where lenses stand that are about the whole prompt: the bracket that opens it."""
    root = snapshot.document.tree.root
    return (root.start, root.start + 1) if root and root.kind == "object" else None


def _lineage(snapshot: Snapshot) -> Iterator[Lens]:
    where, own = lens_range(snapshot), _own_id(snapshot)
    if where is None:
        return
    parent = snapshot.prompt.get("parent")
    before = snapshot.library.served(parent) if isinstance(parent, str) and parent != own else None
    if before is not None:
        title = f"evolved from {_shown(before.id)} (revision {before.revision})"
        yield Lens(*where, "lineage", title, "open", (before.path,))
        if snapshot.path is not None and str(snapshot.path) != before.path:
            title = f"compare with {_shown(before.id)}"
            yield Lens(*where, "lineage", title, "diff", (before.path, str(snapshot.path)))
    is_known = snapshot.library.complete and _is_served(snapshot, own)
    after = snapshot.library.evolved_from(own) if is_known else []
    if after:
        title = f"{counted(len(after), 'prompt')} evolved from it"
        yield Lens(*where, "lineage", title, "lineage", tuple(entry.path for entry in after))


def _shadowing(snapshot: Snapshot) -> Iterator[Lens]:
    where, id_, path = lens_range(snapshot), _own_id(snapshot), str(snapshot.path)
    entries = snapshot.library.by_id(id_) if id_ and snapshot.library.complete else []
    own = next((entry for entry in entries if entry.path == path), None)
    if where is None or own is None or len(entries) < 2:
        return
    winner = entries[0]
    if own is not winner:
        what = "shadowed by" if own.layer != winner.layer else "has the same id as"
        title = f"{what} {_file(snapshot, winner)}: that one is served"
        yield Lens(*where, "shadowing", title, "open", (winner.path,))
        return
    below = [entry for entry in entries if entry.layer != own.layer]
    if below:
        more = f" and {len(below) - 1:,} more" if len(below) > 1 else ""
        title = f"shadows {_file(snapshot, below[0])}{more}"
        yield Lens(*where, "shadowing", title, "open", tuple(entry.path for entry in below))


def _measured(snapshot: Snapshot) -> Iterator[Lens]:
    for start, end, title in titles(snapshot):
        if snapshot.path is None:
            yield Lens(start, end, "measured", title)
        else:
            yield Lens(start, end, "measured", title, "stats", (str(snapshot.path),))


def _own_id(snapshot: Snapshot) -> str:
    id_ = snapshot.prompt.get("id")
    return id_ if isinstance(id_, str) else ""


def _is_served(snapshot: Snapshot, id_: str) -> bool:
    """Whether this file is the one that its id stands for."""
    served = snapshot.library.served(id_)
    return served is not None and served.path == str(snapshot.path)


def _file(snapshot: Snapshot, entry: Entry) -> str:
    """The file of a prompt as an author knows it: with its layer's folder."""
    if entry.layer == "shipped":
        return f"{_shown(Path(entry.path).name)}, which ships with PromptBits"
    inside = snapshot.root.inside(Path(entry.path)) if snapshot.root else None
    return _shown(Path(inside).as_posix() if inside else Path(entry.path).name)


def _shown(text: str) -> str:
    text = printable(text[: _LONGEST + 1])
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


# Where lenses come from. Whoever knows more of a prompt adds a function here.
SOURCES: Final[tuple[Callable[[Snapshot], Iterable[Lens]], ...]] = (_lineage, _shadowing, _measured)
