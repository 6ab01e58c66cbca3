"""Hover: what stands under the pointer, in a few lines of Markdown."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from promptbits.checks.snapshot import Range, Snapshot
from promptbits.language.hover.content import describe_content
from promptbits.language.hover.keys import describe_key
from promptbits.language.hover.prompts import describe_own_id, describe_reference, describe_trigger
from promptbits.language.hover.values import confidence_meaning, version_meaning
from promptbits.language.hover.variables import describe_variable
from promptbits.language.markup import plain
from promptbits.language.measured.table import describe_measurements
from promptbits.language.target import Target, decoded_offset, find_target

__all__ = ["Hover", "hover", "plain"]


@dataclass(frozen=True, slots=True)
class Hover:
    """What to show for text[start:end]. The Markdown holds no link, image or HTML, whatever a prompt says."""

    markdown: str
    start: int
    end: int


def hover(snapshot: Snapshot, offset: int) -> Hover | None:
    """What is known of the key or value at an offset; None where there is nothing to say."""
    target = find_target(snapshot.document.tree.root, offset)
    if target is None:
        return None
    where = (target.node.start, target.node.end)
    if target.path == ("content",) and target.node is snapshot.content_node:
        blocks, where = _in_content(snapshot, target, offset)
    else:
        blocks = _blocks(snapshot, target)
    return Hover("\n\n".join(blocks), *where) if blocks else None


def _blocks(snapshot: Snapshot, target: Target) -> list[str]:
    """The paragraphs about a key, or about a value outside of the content."""
    value = target.node.value
    match target.path:
        case ("variables", str(name)):
            return describe_variable(snapshot, name)
        case ("trigger", str(kind)):
            node = snapshot.document.tree.find(target.path) if target.on_key else target.node
            return describe_trigger(snapshot, kind, node.value if node and isinstance(node.value, str) else "")
        case ("id",) if target.on_key:
            return [*describe_key(target.path), *describe_measurements(snapshot)]
        case ("id",) if isinstance(value, str) and value:
            return [*describe_own_id(snapshot, value), *describe_measurements(snapshot)]
        case ("parent",) | ("related", int()) if not target.on_key and isinstance(value, str) and value:
            return describe_reference(snapshot, value)
        case ("content",) if snapshot.content_node is not None:
            return [*describe_key(target.path), *describe_content(snapshot)]
        case ("confidence",):
            meaning = confidence_meaning(snapshot.prompt.get("confidence"))
            return [*_with_meaning(target, meaning), *describe_measurements(snapshot)]
        case ("version",):
            return _with_meaning(target, version_meaning(snapshot.prompt.get("version")))
        case _:
            return describe_key(target.path if target.on_key else _key_of(target))


def _key_of(target: Target) -> tuple[str | int, ...]:
    """The path without the indexes at its end: an item of a list is described by the key of the list."""
    path = target.path
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _with_meaning(target: Target, meaning: str) -> list[str]:
    blocks = describe_key(target.path)
    return [*blocks, f"Here: {meaning}"] if meaning else blocks


def _in_content(snapshot: Snapshot, target: Target, offset: int) -> tuple[list[str], Range]:
    """Inside of the content: the placeholder at an offset, else the content, with the line as the range."""
    at = decoded_offset(target.node, offset)
    uses = snapshot.placeholders
    index = bisect_right(uses, at, key=lambda use: use.start) - 1
    inside = offset != target.node.start and at < len(snapshot.content)
    if inside and index >= 0 and at < uses[index].end:
        use = uses[index]
        return describe_variable(snapshot, use.name), snapshot.content_range(use.start, use.end)
    # The whole string would be lit up from its first character to its last.
    start = snapshot.content.rfind("\n", 0, at) + 1
    end = snapshot.content.find("\n", at)
    first, last = snapshot.content_range(start, end if end >= 0 else len(snapshot.content))
    return describe_content(snapshot), (min(first, offset), max(last, min(offset + 1, target.node.end)))
