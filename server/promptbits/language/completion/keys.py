"""Keys that an object does not have yet, each with a stub of its value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

from promptbits.checks.snapshot import Snapshot
from promptbits.language.completion.content import used_in
from promptbits.language.completion.docs import object_at, schema_key
from promptbits.language.completion.item import Completions, Item, ItemKind, Stop, Stub, Writer, pick, string
from promptbits.language.completion.known import known
from promptbits.language.completion.prompt import file_id, file_source
from promptbits.text.json_tree import Path
from promptbits.text.placeholders import is_name

_TEXT: Final[Stub] = ('"', Stop(1), '"')
_OPEN: Final[dict[str, Stub]] = {"object": ("{", Stop(1), "}"), "array": ("[", Stop(1), "]")}
# What a value of each type of variable looks like.
_OF_TYPE: Final[dict[str, Stub]] = {
    "string": _TEXT,
    "number": (Stop(1, "0"),),
    "integer": (Stop(1, "0"),),
    "boolean": (Stop(1, "true"),),
    "array": _OPEN["array"],
}
_STUBS: Final[dict[Path, Stub]] = {
    ("$schema",): ('"', Stop(1, "promptbit.schema.json"), '"'),
    ("trigger",): ('{"', Stop(1, "Custom"), '": "', Stop(2), '"}'),
    ("confidence",): (Stop(1, "0.5"),),
    ("tags",): ('["', Stop(1), '"]'),
    ("related",): ('["', Stop(1), '"]'),
    ("version",): ('"', Stop(1, "*"), '"'),
    ("revision",): (Stop(1, "1"),),
    ("model", "temperature"): (Stop(1, "0"),),
    ("model", "max_tokens"): (Stop(1, "1024"),),
    ("source", "LLMGenerated"): ('{"model": "', Stop(1), '", "timestamp": "', Stop(2), '"}'),
    ("source", "CommunityContributed"): ('{"author": "', Stop(1), '"}'),
    ("source", "Learned"): ('{"from_feedback": ["', Stop(1), '"]}'),
    ("source", "Learned", "from_feedback"): ('["', Stop(1), '"]'),
}


def complete_keys(snapshot: Snapshot, writer: Writer, most: int) -> Completions:
    """The keys that are missing, those that must be there first."""
    place = writer.place
    if place.path == ("variables",):
        return _variables(snapshot, writer, most)
    part = object_at(place.path)
    names = [name for name in _ordered(part) if name not in place.taken]
    if place.path in (("trigger",), ("source",)) and place.taken:
        names = []  # one kind is all there may be
    kind: ItemKind = "trigger" if place.path == ("trigger",) else "key"
    required = part.get("required", ())
    items = (
        _item(writer, kind, name, stub(snapshot, (*place.path, name)), "required" if name in required else "", key=True)
        for name in names
    )
    return Completions.of(items, most)


def _ordered(part: dict[str, Any]) -> list[str]:
    """The keys of an object, those that must be there first; else in the canonical order, which the schema has."""
    required = part.get("required", ())
    return sorted(part.get("properties", ()), key=lambda name: name not in required)


def _item(writer: Writer, kind: ItemKind, name: str, value: Stub, detail: str, *, key: bool = False) -> Item:
    parts: Stub = (string(name),) if writer.place.follows else (f"{string(name)}: ", *value)
    return writer.item(name, kind, parts, detail=detail, key=schema_key((*writer.place.path, name)) if key else "")


def _variables(snapshot: Snapshot, writer: Writer, most: int) -> Completions:
    """Names for a declaration: those that the content uses, then those known in the library."""
    place = writer.place
    used = list(dict.fromkeys(each.name for each in snapshot.placeholders if each.name not in place.taken))
    entry = snapshot.library.by_path(str(snapshot.path)) if snapshot.path else None
    ranking = known(snapshot.library).variables
    without = {*place.taken, *used, *ranking.only(entry.variables if entry else ())}
    own, cut_own = pick(used, place.typed, most)
    others, cut = pick(ranking.names, place.typed, max(most - len(own), 0), without)
    value: Stub = ('{"description": "', Stop(1), '"}')

    def items() -> Iterator[Item]:
        for name in own:
            yield _item(writer, "variable", name, value, "used in content")
        for name in others:
            yield _item(writer, "variable", name, value, used_in(ranking.counts[name]))

    return Completions.of(items(), most, incomplete=cut or cut_own)


def stub(snapshot: Snapshot, path: Path) -> Stub:
    """What to put for a value at first."""
    if path == ("id",):
        return ('"', Stop(1, file_id(snapshot)), '"')
    if path == ("source",):
        return ('"', Stop(1, file_source(snapshot)), '"')
    if path[:1] == ("variables",) and len(path) == 3:
        return _of_variable(snapshot, str(path[1]), str(path[2]))
    if path in _STUBS:
        return _STUBS[path]
    return _OPEN.get(object_at(path).get("type", ""), _TEXT)


def _of_variable(snapshot: Snapshot, name: str, key: str) -> Stub:
    spec = (snapshot.variables or {}).get(name, {}) if is_name(name) else {}
    kind = cast("object", spec.get("type", "string"))
    one = _OF_TYPE.get(kind, _TEXT) if isinstance(kind, str) else _TEXT
    match key:
        case "type":
            return ('"', Stop(1, "string"), '"')
        case "required":
            return (Stop(1, "false"),)
        case "default":
            return one
        case "enum" | "examples":
            return ("[", *one, "]")
        case _:
            return _TEXT
