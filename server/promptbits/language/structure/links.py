"""Document links: from parent and related to the prompts they name, and from the content to addresses and files."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from promptbits.checks.snapshot import Snapshot
from promptbits.language.markup import printable
from promptbits.text import markdown_inline
from promptbits.text.json_tree import Node
from promptbits.text.markdown_inline import TRAILING, Span

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:")
_WEB = re.compile(r"https?://", re.IGNORECASE)
# What may stand in an address as it is; a percent sign is one that escapes already.
_SAFE: Final = "%/:?#[]@!$&'()*+,;=-._~"
_LONGEST: Final = 200
_MOST_TRAILING: Final = 20


@dataclass(frozen=True, slots=True)
class Link:
    """text[start:end] leads to an address, or to a file; the file of a prompt is known to be there, others may not be.

    `prompt_id` is the id that names a prompt. For another file, `resolve_link` says whether it exists.
    """

    start: int
    end: int
    target_url: str | None = None
    target_path: str | None = None
    prompt_id: str | None = None
    tooltip: str = ""


def links(snapshot: Snapshot) -> list[Link]:
    """Every link of a prompt, in order and without overlap. Nothing is looked up on disk."""
    found = [*_prompts(snapshot), *_schema(snapshot), *_content(snapshot)]
    return sorted(found, key=lambda link: link.start)


def resolve_link(path: str) -> str | None:
    """The path of a link to a file if there is such a file, once somebody is about to follow it."""
    try:
        return path if Path(path).is_file() else None
    except (OSError, ValueError):
        return None


def _prompts(snapshot: Snapshot) -> Iterator[Link]:
    tree = snapshot.document.tree
    related = tree.find(("related",))
    for node in (tree.find(("parent",)), *(related.items if related else ())):
        if node is None or node.kind != "string" or not node.value:
            continue
        for entry in snapshot.library.by_id(node.value)[:1]:
            start = node.source_offset(0)
            tooltip = f"Open {_shown(snapshot, entry.path)}"
            yield Link(start, start + len(node.source), None, entry.path, node.value, tooltip)


def _schema(snapshot: Snapshot) -> Iterator[Link]:
    node = snapshot.document.tree.find(("$schema",))
    if node is not None and node.kind == "string":
        yield from _link(snapshot, _inside(node), node.value)


def _content(snapshot: Snapshot) -> Iterator[Link]:
    node = snapshot.content_node
    if node is None:
        return
    starts = [use.start for use in snapshot.placeholders]
    for span in markdown_inline.scan(snapshot.markdown):
        if span.kind != "code" and not _has_placeholder(snapshot, span, starts):
            start, end = span.inside
            yield from _link(snapshot, (node.source_offset(start), node.source_offset(end)), span.target)


def _has_placeholder(snapshot: Snapshot, span: Span, starts: list[int]) -> bool:
    """Whether a target is only known once it is rendered: with a placeholder in it, or right behind a bare address."""
    start, end = span.inside
    at = bisect_left(starts, start)
    if at == len(starts):
        return False
    gap = starts[at] - end
    if span.kind != "url" or gap < 0:
        return gap < 0
    # What ends a sentence was left out of the address, but there the sentence goes on.
    return gap <= _MOST_TRAILING and not snapshot.content[end : end + gap].strip(TRAILING + ")")


def _link(snapshot: Snapshot, where: tuple[int, int], target: str) -> Iterator[Link]:
    """The link to a target as it is written; none to what is neither on the web nor a file of the project."""
    if where[0] >= where[1] or not target.isprintable():
        return
    if _WEB.match(target):
        url = _url(target)
        if url is not None:
            yield Link(*where, target_url=url, tooltip=f"Open {_cut(url)}")
    else:
        path = _path(snapshot, target)
        if path is not None:
            yield Link(*where, target_path=path, tooltip=f"Open {_shown(snapshot, path)}")


def _url(target: str) -> str | None:
    """An address in the characters that addresses have; None for one without a host."""
    try:
        return quote(target, safe=_SAFE) if urlsplit(target).hostname else None
    except ValueError:  # a host or port that is none; UnicodeEncodeError is one of them
        return None


def _path(snapshot: Snapshot, target: str) -> str | None:
    """The file that a relative target leads to, if it lies in the project."""
    name = unquote(re.split("[?#]", target, maxsplit=1)[0])
    if not name or snapshot.path is None or name.startswith("/") or "\\" in name or _SCHEME.match(name):
        return None
    if _SCHEME.match(target) or not name.isprintable():
        return None
    # Strings, because a content may hold many links, and paths cost ten times as much.
    own = str(snapshot.path)
    folder = os.path.dirname(own)  # noqa: PTH120
    root = str(snapshot.root.path) if snapshot.root else folder
    if not own.startswith(root.rstrip(os.sep) + os.sep):
        root = folder
    path = os.path.normpath(f"{folder}{os.sep}{name}")
    # A prompt of somebody else leads to no file of the reader's own.
    return path if path.startswith(root.rstrip(os.sep) + os.sep) else None


def _inside(node: Node) -> tuple[int, int]:
    start = node.source_offset(0)
    return start, start + len(node.source)


def _shown(snapshot: Snapshot, path: str) -> str:
    """A file as an author knows it: relative to the root."""
    root = f"{snapshot.root.path}{os.sep}" if snapshot.root else ""
    shown = path.removeprefix(root) if root and path.startswith(root) else os.path.basename(path)  # noqa: PTH119
    return _cut(printable(shown.replace(os.sep, "/")))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
