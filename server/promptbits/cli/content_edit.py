"""The content of a prompt taken out of its file and put back with as small an edit as possible."""

from __future__ import annotations

import re
from itertools import pairwise

from promptbits.text.document import Document
from promptbits.text.json_string import encode

_SURROGATE = re.compile("[\ud800-\udfff]")


class UnfitError(ValueError):
    """The content cannot be edited as text; `start` is the offset of what stands in the way."""

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.start = start


def decoded(document: Document) -> str:
    """The content of a prompt, if it can be edited as plain text.

    Raises:
        UnfitError: the file is not in order, or the content holds what a text file cannot.
    """
    for problem in document.problems:
        if problem.kind == "encoding":
            raise UnfitError(problem.message, problem.start)
    if document.tree.errors:
        error = document.tree.errors[0]
        raise UnfitError(f"{error.message}: mend the JSON first (promptbits check)", error.start)
    node = document.tree.find(("content",))
    if node is None or node.kind != "string":
        raise UnfitError("the prompt has no content to edit", node.start if node else 0)
    content: str = node.value
    for pattern, what in ((_SURROGATE, "half of a surrogate pair"), (re.compile("\0"), "a NUL character")):
        match = pattern.search(content)
        if match:
            where = node.source_offset(match.start())
            raise UnfitError(f"the content holds {what}, which a text file cannot: edit the JSON", where)
    return content


def trimmed(before: str, after: str) -> str:
    """What an editor wrote, without the line end that it adds to a last line that had none."""
    if before.endswith("\n") or not after.endswith("\n"):
        return after
    return after.removesuffix("\n").removesuffix("\r")


def with_content(document: Document, text: str) -> Document:
    """The document with another content. Only what differs is written anew: all other escapes stay as they are."""
    node = document.tree.find(("content",))
    assert node is not None, "`decoded` has seen to it"
    before: str = node.value
    start = _same(before, text)
    rest = min(len(before), len(text)) - start
    end = _same(before[::-1][:rest], text[::-1][:rest])
    return document.replace(
        node.source_offset(start), node.source_offset(len(before) - end), encode(text[start : len(text) - end])
    )


def _same(one: str, other: str) -> int:
    """How many characters two texts have in common at the start."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


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
