"""Edits that give ids and tags in one document new names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from promptbits.checks.finding import Edit
from promptbits.checks.removal import removals
from promptbits.text.document import Document
from promptbits.text.json_string import encode
from promptbits.text.json_tree import Node


def is_closed(text: str, start: int, end: int) -> bool:
    """Whether the inside of a string, text[start:end], stands between its two quotes."""
    return text[start - 1 : start] == text[end : end + 1] == '"'


def id_edits(document: Document, old: str, new: str) -> tuple[Edit, ...]:
    """The edit of the document's own id."""
    return tuple(_of_value(document, document.tree.find(("id",)), {old: new}))


def reference_edits(document: Document, names: Mapping[str, str]) -> tuple[Edit, ...]:
    """The edits of `parent` and `related` by a table of old and new ids, in the order of the text."""
    edits = [*_of_value(document, document.tree.find(("parent",)), names), *_of_list(document, "related", names)]
    return tuple(sorted(edits, key=lambda edit: edit.start))


def tag_edits(document: Document, names: Mapping[str, str]) -> tuple[Edit, ...]:
    """The edits of `tags` by a table of old and new tags, in the order of the text."""
    return tuple(sorted(_of_list(document, "tags", names), key=lambda edit: edit.start))


def _of_list(document: Document, key: str, names: Mapping[str, str]) -> Iterator[Edit]:
    """Every item gets its new name, but one whose new name stands in the list already is removed."""
    holder = document.tree.find((key,))
    items = holder.items if holder else []
    if holder is None or not any(item.kind == "string" and item.value in names for item in items):
        return
    # Out of a broken list nothing is removed: whether a comma belongs to an item is not certain.
    is_json = document.is_strict or not (document.tree.errors or document.tree.conflicts)
    stays = {str(item.value) for item in items if is_json and item.kind == "string" and item.value not in names}
    gone = [item.kind == "string" and names.get(item.value) in stays for item in items]
    yield from removals(holder, items, gone)
    for item, goes in zip(items, gone, strict=True):
        if not goes:
            yield from _of_value(document, item, names)


def _of_value(document: Document, node: Node | None, names: Mapping[str, str]) -> Iterator[Edit]:
    if node is None or node.kind != "string" or node.value not in names:
        return
    start, end = node.start + 1, node.end - 1
    if node.end - node.start >= 2 and is_closed(document.text, start, end):
        yield Edit(start, end, encode(names[node.value]))
