"""The documentation of what is offered, found again by a small key when a client asks for it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, cast

from promptbits.checks.snapshot import Snapshot
from promptbits.language.completion.known import known
from promptbits.language.markup import code, prose
from promptbits.prompts import schema
from promptbits.text.json_tree import Path


def schema_at(path: Path) -> dict[str, Any]:
    """The part of the schema for a path, also inside of a source with details."""
    if path[:1] != ("source",) or len(path) == 1:
        return schema.describe(path)
    node = _details()
    for step in path[1:]:
        child = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
        if child is None:
            return {}
        node = _resolved(child)
    return node


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    return schema.load()["$defs"][reference.rpartition("/")[2]] if reference else node


def _details() -> dict[str, Any]:
    """The shapes of a source with details, as one: they have one key each."""
    shapes = [_resolved(each) for each in schema.describe(("source",)).get("anyOf", [])]
    return {"properties": {name: part for shape in shapes for name, part in shape.get("properties", {}).items()}}


def object_at(path: Path) -> dict[str, Any]:
    """The part of the schema for an object: as schema_at, and the shapes of a source as one."""
    return _details() if path == ("source",) else schema_at(path)


def schema_key(path: Path) -> str:
    """The key of a part of the schema. Names of variables are not part of it."""
    steps = ["*" if index == 1 and path[0] == "variables" else str(step) for index, step in enumerate(path)]
    return "/".join(["schema", *steps])


def id_key(id_: str, index: int) -> str:
    """The key of a prompt by its place among the ids."""
    return f"id/{index}/{_digest(id_)}"


def variable_key(name: str, index: int) -> str:
    """The key of a variable that the prompt declares, by its place among them."""
    return f"variable/{index}/{_digest(name)}"


def documentation(snapshot: Snapshot, key: str) -> str | None:
    """The documentation for the key of an item, as Markdown; None where there is none, or no longer."""
    kind, _, rest = key.partition("/")
    if kind == "schema":
        return _schema_text(tuple(rest.split("/")))
    index, _, digest = rest.partition("/")
    if not (index.isascii() and index.isdigit()) or len(index) > 9:
        return None
    names = (
        known(snapshot.library).ids if kind == "id" else tuple(snapshot.variables or ()) if kind == "variable" else ()
    )
    name = names[int(index)] if int(index) < len(names) else None
    if name is None or _digest(name) != digest:
        return None
    return _id_text(snapshot, name) if kind == "id" else _variable_text(name, (snapshot.variables or {})[name])


def _digest(name: str) -> str:
    return hashlib.blake2s(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _schema_text(path: Path) -> str | None:
    part = schema_at(path)
    if not part or "description" not in part:
        return None
    needed = path[-1] in object_at(path[:-1]).get("required", ())
    lines = [part["description"] + ("" if part["description"].endswith(".") else ".")]
    lines += ["Every prompt needs it."] if needed and len(path) == 1 else ["It must be there."] if needed else []
    allowed = part.get("enum")
    lines += ["One of " + ", ".join(f"`{value}`" for value in allowed) + "."] if allowed else []
    lines += [f"Default: `{json.dumps(part['default'])}`."] if "default" in part else []
    return "\n\n".join(lines)


def _id_text(snapshot: Snapshot, id_: str) -> str | None:
    entries = snapshot.library.by_id(id_)
    if not entries:
        return None
    first = entries[0]
    trigger = f"{first.trigger_kind}: {first.trigger_name}" if first.trigger_name else ""
    facts = " · ".join(code(each) for each in (first.category, trigger, first.version, first.layer) if each)
    parts = [f"Prompt {code(id_)}", prose(first.description), facts]
    return "\n\n".join(part for part in parts if part)


def _variable_text(name: str, spec: dict[str, Any]) -> str:
    kind, described = spec.get("type", "string"), spec.get("description")
    parts = [f"Variable {code(name)} · {code(kind if isinstance(kind, str) else 'string')}"]
    parts += [prose(described)] if isinstance(described, str) and described.strip() else []
    parts += [f"Default: {_shown(spec['default'])}"] if "default" in spec else []
    allowed = spec.get("enum")
    if isinstance(allowed, list) and allowed:
        parts.append("One of " + ", ".join(_shown(value) for value in cast("list[Any]", allowed)[:20]))
    return "\n\n".join(parts)


def _shown(value: Any) -> str:
    return code(json.dumps(value, ensure_ascii=False))
