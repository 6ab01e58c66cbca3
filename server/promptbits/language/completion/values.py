"""Values: words of the schema, names used in the library, and what a variable says of itself."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any, cast

from promptbits.checks.snapshot import Snapshot
from promptbits.language.completion.content import used_in
from promptbits.language.completion.docs import id_key, object_at, schema_at, schema_key
from promptbits.language.completion.item import Completions, Item, ItemKind, Writer, pick, string
from promptbits.language.completion.keys import stub
from promptbits.language.completion.known import Ranking, known
from promptbits.language.completion.prompt import file_id
from promptbits.language.measured.value import measured_confidence
from promptbits.prompts.entry import Entry
from promptbits.text.json_string import escape_surrogates


def complete_values(snapshot: Snapshot, writer: Writer, most: int) -> Completions:
    """What may stand at a value."""
    match writer.place.path:
        case ("trigger", str(kind)):
            own = _own(snapshot)
            names = (own.trigger_name,) if own and own.trigger_kind == kind else ()
            ranking = known(snapshot.library).triggers.get(kind, Ranking((), {}))
            return _ranked(writer, "trigger", ranking, names, most)
        case ("tags", int()):
            own = _own(snapshot)
            return _ranked(writer, "tag", known(snapshot.library).tags, own.tags if own else (), most)
        case ("parent",) | ("related", int()):
            return _ids(snapshot, writer, most)
        case ("id",):
            id_ = file_id(snapshot)
            items = [writer.item(id_, "prompt", (string(id_),), detail="the name of the file")] if id_ else []
            return Completions.of(items, most)
        case ("confidence",):
            measured = measured_confidence(snapshot) if not writer.place.quote else None
            items = [writer.item(measured[0], "enum", (measured[0],), detail=measured[1])] if measured else []
            return Completions.of(items, most)
        case ("variables", str(name), "default"):
            return Completions.of(_of_variable(snapshot, writer, name, ("enum", "examples")), most)
        case ("variables", str(name), "enum" | "examples", int()):
            return Completions.of(_of_variable(snapshot, writer, name, ("enum", "examples", "default")), most)
        case path:
            return Completions.of([*_words(writer, path), *_objects(snapshot, writer, path)], most)


def _own(snapshot: Snapshot) -> Entry | None:
    """This file as the library has it: a word that only it uses, perhaps half typed, is nothing to offer."""
    return snapshot.library.by_path(str(snapshot.path)) if snapshot.path else None


def _ranked(writer: Writer, kind: ItemKind, ranking: Ranking, own: Iterable[str], most: int) -> Completions:
    names, cut = pick(ranking.names, writer.place.typed, most, {"", *writer.place.taken, *ranking.only(own)})
    items = (writer.item(name, kind, (string(name),), detail=used_in(ranking.counts[name])) for name in names)
    return Completions.of(items, most, incomplete=cut)


def _ids(snapshot: Snapshot, writer: Writer, most: int) -> Completions:
    ids, own = known(snapshot.library).ids, _own(snapshot)
    without = {*writer.place.taken, str(snapshot.prompt.get("id", "")), own.id if own else "", file_id(snapshot)}
    found, cut = pick(ids, writer.place.typed, most, without)

    def items() -> Iterator[Item]:
        for id_ in found:
            entries = snapshot.library.by_id(id_)
            detail = entries[0].description if entries else ""
            yield writer.item(
                id_, "prompt", (string(id_),), detail=_line(detail), key=id_key(id_, bisect_left(ids, id_))
            )

    return Completions.of(items(), most, incomplete=cut)


def _line(text: str) -> str:
    line = " ".join(text[:200].split())
    return line if len(line) <= 120 else line[:119] + "…"


def _words(writer: Writer, path: tuple[str | int, ...]) -> Iterator[Item]:
    """The words that the schema allows."""
    part = schema_at(path)
    kinds = [part, *cast("list[dict[str, Any]]", part.get("anyOf", []))]
    key = schema_key(path)
    for each in kinds:
        for word in each.get("enum", ()):
            yield writer.item(word, "enum", (string(word),), key=key)
    if part.get("type") == "boolean":
        for word in ("true", "false"):
            yield writer.item(word, "enum", (word,), key=key)


def _objects(snapshot: Snapshot, writer: Writer, path: tuple[str | int, ...]) -> Iterator[Item]:
    """What opens an object or array, where no quote has been opened."""
    if writer.place.quote:
        return
    if path in (("trigger",), ("source",)):
        kind: ItemKind = "trigger" if path == ("trigger",) else "snippet"
        for name in object_at(path).get("properties", ()):
            value = stub(snapshot, (*path, name))
            label = name if kind == "trigger" else f"{name} with details"
            detail = "" if kind == "trigger" else "an object"
            yield writer.item(
                label, kind, (f"{{{string(name)}: ", *value, "}"), detail=detail, key=schema_key((*path, name))
            )
    elif schema_at(path).get("type") in ("object", "array"):
        yield writer.item("{}" if schema_at(path)["type"] == "object" else "[]", "snippet", stub(snapshot, path))


def _of_variable(snapshot: Snapshot, writer: Writer, name: str, keys: tuple[str, ...]) -> Iterator[Item]:
    """The values that the other keys of a variable name."""
    spec = (snapshot.variables or {}).get(name, {})
    seen: set[str] = set()
    values = [(value, key) for key in keys for value in _listed(spec.get(key), one=key == "default")]
    values += [(value, "boolean") for value in (True, False) if spec.get("type") == "boolean"]
    for value, key in values:
        text = escape_surrogates(json.dumps(value, ensure_ascii=False))
        label = value if isinstance(value, str) else text
        # What is there already is known by its label: other than strings it can only be offered twice.
        if text in seen or len(text) > 200 or "\n" in label or label in writer.place.taken:
            continue
        seen.add(text)
        yield writer.item(label, "enum", (text,), detail=f"from {key}" if key in keys else "")


def _listed(value: Any, *, one: bool) -> list[Any]:
    if one:
        return [] if value is None else [value]
    return cast("list[Any]", value)[:100] if isinstance(value, list) else []
