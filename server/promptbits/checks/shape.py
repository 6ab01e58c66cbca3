"""The shape of a prompt: what the JSON Schema asks for, said in the words of the product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from promptbits.checks import numbers, source_shape
from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.shape_words import described, enum_error, finding, named
from promptbits.checks.snapshot import Range, Snapshot
from promptbits.checks.words import kebab_case, near, shown
from promptbits.prompts import schema
from promptbits.prompts.order import FIELDS
from promptbits.prompts.root import stem
from promptbits.prompts.schema import SchemaError
from promptbits.prompts.versions import is_version, suggestion
from promptbits.text.json_tree import Node
from promptbits.text.placeholders import is_name

_NOT_OBJECT = "a prompt is a JSON object: {…}"
# More of one kind than this says nothing new.
_MOST = 100


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Every rule of the schema that is broken, and a version that is none."""
    value = snapshot.document.value
    if not isinstance(value, dict):
        tree = snapshot.document.tree
        # Of an empty file, or of text that is no JSON, the syntax check has said all there is to say.
        if tree.root is not None and (not tree.errors or tree.root.kind == "array"):
            yield finding("wrong-type", _NOT_OBJECT, snapshot.value_range(()))
        return
    seen = Counter[str]()
    for error in schema.errors(_with_good_names(cast("dict[str, Any]", value))):
        seen[error.keyword] += 1
        if seen[error.keyword] <= _MOST:
            yield from _explain(snapshot, error)
    yield from _variable_names(snapshot)
    yield from numbers.check(snapshot)
    yield from source_shape.check_date(snapshot)
    yield from _version(snapshot)


def _with_good_names(value: dict[str, Any]) -> dict[str, Any]:
    """The prompt without variables that have no proper name: `_variable_names` reports those.

    The validator copies all variables into the error for each one of them.
    """
    variables = value.get("variables")
    if not isinstance(variables, dict):
        return value
    named_well = {name: spec for name, spec in cast("dict[str, Any]", variables).items() if is_name(name)}
    return value | {"variables": named_well}


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
            yield from _unknown(path, node)
        case "type":
            wanted = " or ".join(cast("list[str]", error.rule))
            is_ = shown(node.source) if node.kind == "number" and wanted == "integer" else described(node)
            fix = numbers.unquoted(path, node, wanted)
            yield finding("wrong-type", f"{named(path)} is {is_}: it must be {_article(wanted)}", where, fix)
        case "enum":
            if node.kind != "string":
                return  # of the wrong type, which is said as well
            yield enum_error(path, node, cast("list[Any]", error.rule), where)
        case "minimum" | "maximum":
            side = "below" if error.keyword == "minimum" else "above"
            text = f"{named(path)} is {shown(node.source)}, {side} the {error.keyword} of {error.rule}"
            yield finding("out-of-range", text, where)
        case "minProperties" | "minItems" if snapshot.document.tree.errors:
            return  # it is still being typed
        case "minProperties" | "maxProperties" if path == ("trigger",):
            count = "none" if error.keyword == "minProperties" else str(len(node.members))
            text = f'a trigger names exactly one kind, such as {{"Language": "Rust"}}: there {_are(count)} here'
            yield finding("invalid-value", text, where)
        case "minLength" | "minItems":
            yield finding("invalid-value", f"{named(path)} must not be empty", where)
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
    text = '"Custom"' if name == "source" and snapshot.layer in (None, "custom") else None
    if name == "id" and snapshot.path is not None and kebab_case(stem(snapshot.path)) == stem(snapshot.path):
        text = f'"{stem(snapshot.path)}"'
    if path or text is None:
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


def _unknown(path: schema.Path, holder: Node) -> Iterator[Finding]:
    known = list(schema.describe(path).get("properties", {}))
    present = {member.name for member in holder.members}
    of = "a PromptBit" if not path else named(path)
    # A key too many does no harm; a trigger of no kind that there is cannot be loaded.
    code, noun = ("invalid-value", "kind") if path == ("trigger",) else ("unknown-key", "key")
    for member in islice((member for member in holder.members if member.name not in known), _MOST):
        where = (member.key.start, member.key.end)
        meant = near(member.name, [each for each in known if each not in present])
        hint = f': did you mean "{meant}"?' if meant else f": one of {', '.join(known)}" if known and path else ""
        fix = Fix(f'Change to "{meant}"', (Edit(*where, f'"{meant}"'),)) if meant else None
        yield finding(code, f'{of} has no {noun} "{shown(member.name)}"{hint}', where, fix)


def _pattern(path: schema.Path, node: Node, where: Range) -> Finding:
    name = path[-1] if path else ""
    if name == "description":
        return finding("invalid-value", "the description is one line: it holds a line break", where)
    if name == "timestamp":
        return finding("invalid-value", source_shape.TIMESTAMP_HELP, where)
    kebab = kebab_case(str(node.value))
    # An id is known to other files, and a reference has to match one: those are not changed just for their form.
    fix = Fix(f'Change to "{shown(kebab)}"', (Edit(*where, f'"{kebab}"'),)) if kebab and path[:1] == ("tags",) else None
    hint = f', such as "{shown(kebab)}"' if kebab else ": lower-case words joined by hyphens, such as code-review"
    return finding("invalid-value", f"{named(path)} must be kebab-case{hint}", where, fix)


def _variable_names(snapshot: Snapshot) -> Iterator[Finding]:
    bad = [name for name in snapshot.variables or () if not is_name(name)]
    for name in bad[:_MOST]:
        text = f'"{shown(name)}" cannot name a variable: use letters, digits and _, parts joined by dots'
        yield finding("invalid-value", text, snapshot.key_range(("variables", name)))


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


def _article(wanted: str) -> str:
    return f"{'an' if wanted[0] in 'aeiou' else 'a'} {wanted}"


def _are(count: str) -> str:
    return "is none" if count == "none" else f"are {count}"
