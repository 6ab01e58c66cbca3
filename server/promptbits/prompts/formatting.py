"""The canonical bytes of a prompt.

They are `json.dumps(value, indent=2, ensure_ascii=False)` and a newline, with the keys in the order of the
table of fields, unknown keys last in their own order, each number as it was spelled, and lone surrogates
left as escapes.
"""

from __future__ import annotations

from promptbits.prompts.order import FIELDS
from promptbits.text.document import Document
from promptbits.text.json_string import encode
from promptbits.text.json_tree import JsonTree, Node

_ORDER = {name: index for index, name in enumerate(FIELDS)}


class FormatError(ValueError):
    """A text that cannot be formatted; `start` is the offset of what stands in the way."""

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start


def canonical(document: Document) -> str:
    """The canonical text of a document.

    Raises:
        FormatError: it does not parse, or holds a key twice and so would lose a value.
    """
    bad = next((problem for problem in document.problems if problem.kind == "encoding"), None)
    if bad:
        raise FormatError(bad.message, bad.start)
    tree = document.tree
    if tree.conflicts:
        raise FormatError("a merge conflict is not resolved", tree.conflicts[0][0])
    if tree.errors:
        raise FormatError(tree.errors[0].message, tree.errors[0].start)
    repeated = _first_repeated(tree)
    if repeated is not None:
        raise FormatError("a key is written twice: remove one", repeated)
    assert tree.root is not None, "a text without errors has a value"
    return _write(tree.root, "\n", top=True) + "\n"


def _first_repeated(tree: JsonTree) -> int | None:
    """Where the first key stands that its object already has."""
    found: list[int] = []
    for _, node in tree.objects():
        seen: set[str] = set()
        for member in node.members:
            if member.name in seen:
                found.append(member.start)
            seen.add(member.name)
    return min(found, default=None)


def is_canonical(document: Document) -> bool:
    """Whether a document is in canonical form; False also where it cannot be formatted."""
    try:
        return canonical(document) == document.text
    except FormatError:
        return False


def _write(node: Node, newline: str, *, top: bool = False) -> str:
    if node.kind == "string":
        return f'"{encode(node.value)}"'
    if node.kind in ("number", "literal"):
        return node.source
    inner = newline + "  "
    if node.kind == "array":
        items = [_write(item, inner) for item in node.items]
    else:
        members = node.members
        if top:
            members = sorted(members, key=lambda member: _ORDER.get(member.name, len(_ORDER)))
        items = [
            f'"{encode(member.name)}": {_write(member.value, inner)}' for member in members if member.value is not None
        ]
    opener, closer = "[]" if node.kind == "array" else "{}"
    if not items:
        return opener + closer
    return opener + inner + f",{inner}".join(items) + newline + closer
