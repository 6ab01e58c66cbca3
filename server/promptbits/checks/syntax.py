"""The file as text: its encoding, merge conflicts, and JSON syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from promptbits.checks.finding import Edit, Finding, Fix, Related
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import shown
from promptbits.text.json_tree import JsonError, JsonTree

_FIX_TITLES = {
    "expected-comma": "Insert a comma",
    "expected-colon": "Insert a colon",
    "unquoted-key": "Put the key in double quotes",
    "single-quotes": "Use double quotes",
    "bad-escape": "Write the backslash as \\\\",
    "control-character": "Write it as an escape",
    "unterminated-string": "Close the string",
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_REMOVED = {"trailing-comma": "the comma", "comment": "the comment"}

# A file that is not JSON at all would otherwise give one finding per token.
_MOST_ERRORS = 100


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """What is wrong with the file before one looks at the prompt in it."""
    document = snapshot.document
    for problem in document.problems:
        if problem.kind == "byte-order-mark":
            fix = Fix("Remove the byte-order mark", (Edit(problem.start, problem.end, ""),))
            yield Finding("invalid-encoding", "warning", problem.message, problem.start, problem.end, fix)
        else:
            yield Finding("invalid-encoding", "error", problem.message, problem.start, problem.end)
    yield from islice(_halves(snapshot), _MOST_ERRORS)
    if document.is_strict:
        return
    tree = document.tree
    if tree.conflicts:
        # The errors around the markers only say once more that both sides are there.
        yield from _conflicts(tree)
        return
    for error in tree.errors[:_MOST_ERRORS]:
        yield _syntax(error)
    yield from islice(_duplicate_keys(tree), _MOST_ERRORS)


def _halves(snapshot: Snapshot) -> Iterator[Finding]:
    """Halves of surrogate pairs, raw or as escapes: JSON allows them, and no UTF-8 text can hold them."""
    document = snapshot.document
    text = document.text
    if "\\ud" not in text and "\\uD" not in text and _is_utf8(text):
        return
    for node in document.tree.strings():
        for match in _SURROGATE.finditer(node.value):
            start, end = node.source_offset(match.start()), node.source_offset(match.end())
            message = f"half of a character (\\u{ord(match[0]):04x} without its other half): UTF-8 cannot hold it"
            yield Finding("invalid-encoding", "warning", message, start, end)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _conflicts(tree: JsonTree) -> Iterator[Finding]:
    for start, end in tree.conflicts:
        message = "a merge conflict was left here: keep one side and remove the markers"
        yield Finding("conflict-marker", "error", message, start, end)


def _syntax(error: JsonError) -> Finding:
    fix = None
    if error.fix:
        fix = Fix(_title(error), tuple(Edit(*edit) for edit in error.fix))
    related = ()
    if error.related:
        start, end, message = error.related
        related = (Related(message, None, start, end),)
    return Finding("json-syntax", "error", error.message, error.start, error.end, fix, related)


def _title(error: JsonError) -> str:
    start, end, new = error.fix[0]
    if not new.strip():
        return "Replace by a space" if new and error.kind == "bad-space" else f"Remove {_REMOVED.get(error.kind, 'it')}"
    if error.kind == "unterminated-string" and end > start:
        return "Write the line breaks as \\n"
    return _FIX_TITLES.get(error.kind) or f"Write {shown(new, 30)}"


def _duplicate_keys(tree: JsonTree) -> Iterator[Finding]:
    for _, node in tree.objects():
        first: dict[str, tuple[int, int]] = {}
        for member in node.members:
            earlier = first.setdefault(member.name, (member.key.start, member.key.end))
            if earlier[0] != member.key.start:
                message = f'the key "{shown(member.name, 40)}" is written twice: readers take the last one'
                related = (Related("it is written first here", None, *earlier),)
                yield Finding("json-syntax", "warning", message, member.key.start, member.key.end, None, related)
