"""The shape of a prompt: what the JSON Schema asks for, said in the words of the product."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, cast

from promptbits.checks import source_shape
from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.shape_words import described, enum_error, finding, named
from promptbits.checks.snapshot import Range, Snapshot
from promptbits.checks.words import kebab_case, near, shown
from promptbits.prompts import schema
from promptbits.prompts.schema import FIELDS, SchemaError
from promptbits.prompts.versions import is_version, suggestion
from promptbits.text.json_string import encode
from promptbits.text.json_tree import Node

_KEBAB_HELP = "use lower-case words joined by hyphens, such as code-review"
_NOT_OBJECT = "a prompt is a JSON object: {…}"


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Every rule of the schema that is broken, and a version that is none."""
    value = snapshot.document.value
    if not isinstance(value, dict):
        if snapshot.document.tree.root is not None:  # an empty file is the syntax check's to report
            yield finding("wrong-type", _NOT_OBJECT, snapshot.value_range(()))
        return
    for error in schema.errors(value):
        yield from _explain(snapshot, error)
    yield from _version(snapshot)


def _explain(snapshot: Snapshot, error: SchemaError) -> Iterator[Finding]:
    path = error.path
    if path[:1] == ("source",) and error.keyword == "anyOf":
        yield from source_shape.check(snapshot)
        return
    node = snapshot.document.tree.find(path)
    if node is None:
        return  # a value that is still being typed: the syntax error there says enough
    where = snapshot.value_range(path)
    match error.keyword:
        case "required":
            if snapshot.document.tree.errors:
                return  # the key may stand in what could not be read
            yield _missing(snapshot, path, str(error.rule))
        case "additionalProperties":
            for name in cast("list[str]", error.rule):
                yield _unknown(snapshot, path, name)
        case "type":
            wanted = " or ".join(cast("list[str]", error.rule))
            fix = _number_from_string(node, wanted)
            yield finding(
                "wrong-type", f"{named(path)} is {described(node)}: it must be {_article(wanted)}", where, fix
            )
        case "enum":
            yield enum_error(path, node, cast("list[Any]", error.rule), where)
        case "minimum" | "maximum":
            side = "below" if error.keyword == "minimum" else "above"
            text = f"{named(path)} is {shown(node.source)}, {side} the {error.keyword} of {error.rule}"
            yield finding("out-of-range", text, where)
        case "minProperties" | "maxProperties" if path == ("trigger",):
            count = "none" if error.keyword == "minProperties" else str(len(node.members))
            text = f'a trigger names exactly one kind, such as {{"Language": "Rust"}}: there {_are(count)} here'
            yield finding("invalid-value", text, where)
        case "minLength" | "minItems":
            yield finding("invalid-value", f"{named(path)} must not be empty", where)
        case "propertyNames":
            yield from _variable_names(snapshot, path, node)
        case "pattern":
            yield _pattern(path, node, where)
        case _:
            yield finding("invalid-value", f"{named(path)} is not allowed here", where)


def _missing(snapshot: Snapshot, path: schema.Path, name: str) -> Finding:
    where = snapshot.value_range(path)
    holder = "" if not path else f" in {named(path)}"
    fix = _insertion(snapshot, path, name)
    return finding("missing-key", f'the key "{name}" is missing{holder}', where, fix)


def _insertion(snapshot: Snapshot, path: schema.Path, name: str) -> Fix | None:
    """Insert a top-level key at its place in the canonical order, where its value is certain."""
    values = {"confidence": "0.5", "source": '"Custom"', "id": None}
    text = values.get(name)
    if name == "id" and snapshot.path is not None:
        from promptbits.prompts.root import stem

        text = f'"{encode(stem(snapshot.path))}"'
    if path or text is None or name == "confidence":
        return None  # only the author knows
    root = snapshot.document.tree.root
    if root is None or snapshot.document.tree.errors:
        return None
    rank = FIELDS.index(name)
    after = [member for member in root.members if member.name in FIELDS and FIELDS.index(member.name) < rank]
    if after:
        place = after[-1].end
        return Fix(f'Add "{name}": {text}', (Edit(place, place, f',\n  "{name}": {text}'),))
    comma = "," if root.members else "\n"
    return Fix(f'Add "{name}": {text}', (Edit(root.start + 1, root.start + 1, f'\n  "{name}": {text}{comma}'),))


def _unknown(snapshot: Snapshot, path: schema.Path, name: str) -> Finding:
    known = list(schema.describe(path).get("properties", {}))
    tree = snapshot.document.tree
    holder = tree.find(path)
    meant = near(name, [each for each in known if holder is None or holder.member(each) is None])
    where = snapshot.key_range((*path, name))
    fix = None
    hint = ""
    if meant:
        hint = f': did you mean "{meant}"?'
        fix = Fix(f'Change to "{meant}"', (Edit(*where, f'"{meant}"'),))
    elif known and path:
        hint = f": one of {', '.join(known)}"
    of = "a PromptBit" if not path else named(path)
    return finding("unknown-key", f'{of} has no key "{shown(name)}"{hint}', where, fix)


def _pattern(path: schema.Path, node: Node, where: Range) -> Finding:
    name = path[-1] if path else ""
    if name == "description":
        return finding("invalid-value", "the description is one line: it holds a line break", where)
    if name == "timestamp":
        return finding("invalid-value", source_shape.TIMESTAMP_HELP, where)
    kebab = kebab_case(str(node.value))
    fix = Fix(f'Change to "{kebab}"', (Edit(*where, f'"{kebab}"'),)) if kebab and name != "id" else None
    hint = f'such as "{kebab}"' if kebab else _KEBAB_HELP
    return finding("invalid-value", f"{named(path)} must be kebab-case, {hint}", where, fix)


def _variable_names(snapshot: Snapshot, path: schema.Path, node: Node) -> Iterator[Finding]:
    from promptbits.text.placeholders import is_name

    for member in node.members:
        if not is_name(member.name):
            text = f'"{shown(member.name)}" cannot name a variable: use letters, digits and _, parts joined by dots'
            yield finding("invalid-value", text, snapshot.key_range((*path, member.name)))


def _version(snapshot: Snapshot) -> Iterator[Finding]:
    version = snapshot.prompt.get("version")
    if not isinstance(version, str) or is_version(version):
        return
    where = snapshot.value_range(("version",))
    meant = suggestion(version)
    fix = Fix(f'Change to "{meant}"', (Edit(*where, f'"{meant}"'),)) if meant else None
    hint = f' (did you mean "{meant}"?)' if meant else ""
    text = f'a version is *, a release line (14.2 or 4.x), 14.0+ or a range such as ">=3.2,<4"{hint}'
    yield finding("invalid-version", text, where, fix)


def _number_from_string(node: Node, wanted: str) -> Fix | None:
    """`"0.9"` where a number is wanted: take off the quotes."""
    if node.kind != "string" or wanted not in ("number", "integer"):
        return None
    try:
        value = json.loads(node.value)
    except ValueError:
        return None
    fits = isinstance(value, int if wanted == "integer" else (int, float)) and not isinstance(value, bool)
    if not fits or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return Fix("Remove the quotes", (Edit(node.start, node.end, node.value.strip()),))


def _article(wanted: str) -> str:
    return f"{'an' if wanted[0] in 'aeiou' else 'a'} {wanted}"


def _are(count: str) -> str:
    return "is none" if count == "none" else f"are {count}"
