"""Who a prompt is: its id, its file name, and the folder it lies in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from promptbits.checks.finding import Edit, Finding, Fix, Related
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import kebab_case, shown
from promptbits.prompts import schema
from promptbits.prompts.root import stem

_SOURCES_OF_LEARNED = ("Learned", "LLMGenerated")


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Whether id, file name, folder and source agree, and whether the id is taken."""
    id_ = snapshot.prompt.get("id")
    if isinstance(id_, str) and id_ and snapshot.path is not None:
        yield from _file_name(snapshot, id_, snapshot.path)
        yield from _duplicates(snapshot, id_, snapshot.path)
    yield from _source_folder(snapshot)


def _file_name(snapshot: Snapshot, id_: str, path: Path) -> Iterator[Finding]:
    name = stem(path)
    if id_ == name:
        return
    where = snapshot.value_range(("id",))
    # Only a name that can be an id is worth taking over.
    fix = (
        Fix(f'Change the id to "{shown(name)}"', (Edit(*where, f'"{name}"'),))
        if name and kebab_case(name) == name
        else None
    )
    message = f'the id is "{shown(id_)}", but the file is called {shown(path.name)}: the two must be the same'
    yield Finding("id-file-name", "warning", message, *where, fix)


def _duplicates(snapshot: Snapshot, id_: str, path: Path) -> Iterator[Finding]:
    own = snapshot.library.by_path(str(path))
    layer = own.layer if own else snapshot.layer
    others = [entry for entry in snapshot.library.by_id(id_) if entry.layer == layer and entry.path != str(path)]
    if not others or layer is None:
        return
    where = snapshot.value_range(("id",))
    names = ", ".join(_place(snapshot, entry.path) for entry in others[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    related = tuple(Related("the same id is used here", entry.path, key="id") for entry in others[:10])
    yield Finding(
        "duplicate-id", "error", f'the id "{shown(id_)}" is also used by {names}{more}', *where, None, related
    )


def _source_folder(snapshot: Snapshot) -> Iterator[Finding]:
    layer, source = snapshot.layer, snapshot.prompt.get("source")
    if isinstance(source, dict):
        source = next(iter(source), None)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if layer is None or source not in schema.describe(("source",))["anyOf"][0]["enum"]:
        return  # one that is no source at all is a matter of shape
    if layer == "builtin" and source != "Builtin":
        wanted, message = "Builtin", 'a prompt in builtin/ has the source "Builtin"'
    elif layer == "learned" and source not in _SOURCES_OF_LEARNED:
        wanted, message = "Learned", 'a prompt in learned/ has the source "Learned" or "LLMGenerated"'
    elif layer == "custom" and source == "Builtin":
        wanted, message = "Custom", 'the source "Builtin" is for prompts in builtin/: this one is "Custom"'
    else:
        return
    where = snapshot.value_range(("source",))
    plain = snapshot.document.tree.find(("source",))
    certain = plain is not None and plain.kind == "string"
    fix = Fix(f'Change to "{wanted}"', (Edit(*where, f'"{wanted}"'),)) if certain else None
    yield Finding("source-folder", "warning", message, *where, fix)


def _place(snapshot: Snapshot, path: str) -> str:
    relative = snapshot.root.relative(Path(path)) if snapshot.root else None
    return str(relative or Path(path).name)
