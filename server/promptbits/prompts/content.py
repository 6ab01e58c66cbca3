"""The content of a prompt as text of its own: taken out of the JSON, and put back with edits as small as can be."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from promptbits.text.changes import Change, changed_runs, changes
from promptbits.text.document import Document
from promptbits.text.json_escapes import style_of
from promptbits.text.json_tree import Node

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|\n|\r")
# What no editor holds, and what it is called.
_UNFIT: Final = ((_SURROGATE, "half of a surrogate pair"), (re.compile("\0"), "a NUL character"))


class UnfitError(ValueError):
    """The content cannot be edited as text; `start` is the offset of what stands in the way."""

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.start = start


def decoded(document: Document) -> str:
    """The content of a prompt, if it can be edited as plain text.

    The rest of the file may be half typed; the content itself must have been read to its end.

    Raises:
        UnfitError: the content is not in order, or holds what a text file cannot.
    """
    for problem in document.problems:
        if problem.kind == "encoding":
            raise UnfitError(problem.message, problem.start)
    node = document.tree.find(("content",))
    errors = document.tree.errors
    if node is not None:
        errors = tuple(error for error in errors if node.start <= error.start <= node.end)
    if errors:
        raise UnfitError(f"{errors[0].message}: mend the JSON first (promptbits check)", errors[0].start)
    if node is None or node.kind != "string":
        raise UnfitError("the prompt has no content to edit", node.start if node else 0)
    content: str = node.value
    for pattern, what in _UNFIT:
        match = pattern.search(content)
        if match:
            where = node.source_offset(match.start())
            raise UnfitError(f"the content holds {what}, which a text file cannot: edit the JSON", where)
    return content


def unfit(text: str) -> str | None:
    """What a new content holds that it must not, in words; None for one that is fine."""
    found = (what for pattern, what in _UNFIT if pattern.search(text))
    return next((f"the text holds {what}, which no editor can show" for what in found), None)


def content_edits(document: Document, text: str) -> list[Change]:
    """The edits that give a document another content, in order.

    Decoded characters are compared, line by line: what stays keeps its escapes, and what is new is escaped as the
    rest of the file is. `decoded` must have accepted the document.
    """
    node = _content(document)
    style = style_of(document.text)
    return [
        Change(node.source_offset(each.start), node.source_offset(each.end), style.encode(each.new))
        for each in changes(node.value, text)
    ]


def with_content(document: Document, text: str) -> Document:
    """The document with another content; `decoded` must have accepted it."""
    source = document.text
    for edit in reversed(content_edits(document, text)):
        source = source[: edit.start] + edit.new + source[edit.end :]
    return Document.from_text(source)


def with_content_anew(document: Document, text: str) -> Document:
    """The same, for reading only: all of the content is escaped anew, which is much faster than comparing it."""
    node, source = _content(document), document.text
    return Document.from_text(source[: node.start + 1] + style_of(source).encode(text) + source[node.end - 1 :])


def trimmed(before: str, after: str) -> str:
    """What an editor wrote, without the line end that it adds to a last line that had none."""
    if before.endswith("\n") or not after.endswith("\n"):
        return after
    return after.removesuffix("\n").removesuffix("\r")


def with_line_ends(before: str, after: str) -> str:
    r"""What an editor wrote, with the line ends that its lines had before where the editor could not keep them.

    VS Code holds one kind of line end in a text: mixed ones, and a lone `\r`, all become the same. Lines that are new
    get the kind that was the most common. A text that had only one kind is left as it came.
    """
    kinds, others = set(_LINE_END.findall(before)), set(_LINE_END.findall(after))
    if kinds <= {"\n"} or kinds == {"\r\n"} or len(others) > 1:
        return after
    old, old_ends = _split(before)
    new, _ = _split(after)
    common = max(sorted(kinds), key=old_ends.count)
    ends = [common] * (len(new) - 1)
    at = shift = 0
    for run in [*changed_runs(old, new), None]:
        until = run.start if run else len(old)
        for line in range(at, min(until, len(old) - 1)):
            if line + shift < len(ends):
                ends[line + shift] = old_ends[line]
        if run is not None:
            at, shift = run.end, run.new_end - run.end
    return "".join(line + end for line, end in zip(new, [*ends, ""], strict=True))


def as_custom(document: Document) -> Document:
    """A shipped prompt as one of the user's own: another source, and no `$schema` that leads nowhere from there."""
    root = document.tree.root
    if root is None:
        return document
    source = root.get("source")
    if source is not None:
        document = document.replace(source.start, source.end, '"Custom"')
    root = document.tree.root
    members = root.members if root else []
    for member, following in pairwise(members):
        if member.name == "$schema":
            return document.replace(member.start, following.start, "")
    return document


def _content(document: Document) -> Node:
    node = document.tree.find(("content",))
    assert node is not None, "`decoded` has seen to it"
    return node


def _split(text: str) -> tuple[list[str], list[str]]:
    """Lines without their ends, and the ends; the last line has none."""
    return _LINE_END.split(text), _LINE_END.findall(text)
