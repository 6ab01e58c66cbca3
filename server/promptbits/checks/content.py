"""The content as Markdown: is there any, is its code closed, is it too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import shown
from promptbits.text.json_string import encode
from promptbits.text.markdown import Fence

# About 10,000 tokens. Long prompts work; past this, most of them want to be split.
MOST_CHARACTERS: Final = 40_000
# A rule of thumb for English text, good to a factor of two: it is only ever shown as an estimate.
CHARACTERS_PER_TOKEN: Final = 4

_CONFLICT_START = re.compile(r"^<{7} \S", re.MULTILINE)
_CONFLICT_MIDDLE = re.compile(r"^={7}\r?$", re.MULTILINE)
_CONFLICT_END = re.compile(r"^>{7} \S", re.MULTILINE)
_OPENING_LINE = re.compile(r"[ \t]*(?:`{3,}|~{3,})[ \t]*[A-Za-z]")


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """What is wrong with the content as a text."""
    if not isinstance(snapshot.prompt.get("content"), str) or not snapshot.content_is_whole:
        return
    content = snapshot.content
    if not content.strip():
        message = "the content is empty: there is nothing to render"
        yield Finding("empty-content", "warning", message, *snapshot.value_range(("content",)))
        return
    yield from _unclosed_fence(snapshot)
    yield from _conflict(snapshot)
    if len(content) > MOST_CHARACTERS:
        tokens = round(len(content) / CHARACTERS_PER_TOKEN, -2)
        message = (
            f"the content has {len(content):,} characters, about {tokens:,.0f} tokens by estimate: "
            "consider splitting it into related prompts"
        )
        yield Finding("oversized-content", "information", message, *snapshot.key_range(("content",)))


def _unclosed_fence(snapshot: Snapshot) -> Iterator[Finding]:
    fences = snapshot.markdown.fences
    if not fences or fences[-1].closed:
        return
    # The fence that the end of the text finds open need not be the one that somebody forgot to close: where
    # an earlier one swallowed an opening line, the mistake lies there.
    culprit = next((fence for fence in fences if _runs_on(snapshot.content, fence)), fences[-1])
    start = snapshot.content.index(culprit.marker, culprit.start)
    where = snapshot.content_range(start, start + len(snapshot.content[start:].split("\n", 1)[0].rstrip()))
    message = f"the code fence {shown(culprit.marker, 20)} that opens here is not closed"
    fix = None
    if culprit is fences[-1]:
        fix = _close(snapshot, culprit)
    yield Finding("unclosed-fence", "warning", message, *where, fix)


def _runs_on(content: str, fence: Fence) -> bool:
    """Whether a fence took in what cannot be its code: an opening line, or text left of where the fence stands."""
    first, *lines = content[fence.start : fence.end].split("\n")
    indent = len(first) - len(first.lstrip(" \t"))
    if any(_OPENING_LINE.match(line) and fence.marker in line for line in lines):
        return True
    return any(line.strip() and not line[:indent].isspace() for line in lines) if indent else False


def _close(snapshot: Snapshot, fence: Fence) -> Fix:
    content = snapshot.content
    line_start = content.rfind("\n", 0, fence.start) + 1
    # Blanks as far as the fence is indented; a block quote goes on, a list item does not start again.
    indent = re.sub(r"[^>\s]", " ", content[line_start : content.index(fence.marker, line_start)])
    line_break = "\r\n" if "\r\n" in content else "\n"
    gap = "" if content.endswith("\n") else line_break
    place = snapshot.content_range(len(content), len(content))[0]
    return Fix("Close the fence at the end", (Edit(place, place, encode(f"{gap}{indent}{fence.marker}{line_break}")),))


def _conflict(snapshot: Snapshot) -> Iterator[Finding]:
    """All three markers of a merge conflict, in order and outside of code: one alone may be a rule or a heading."""
    content = snapshot.content
    if "\n=======" not in content:
        return
    start = _CONFLICT_START.search(content)
    middle = _CONFLICT_MIDDLE.search(content, start.end()) if start else None
    end = _CONFLICT_END.search(content, middle.end()) if middle else None
    if not start or not end or snapshot.markdown.in_fence(start.start()):
        return
    line_end = start.start() + len(content[start.start() :].split("\n", 1)[0].rstrip())
    message = "a merge conflict was left in the content: keep one side and remove the markers"
    yield Finding("conflict-marker", "warning", message, *snapshot.content_range(start.start(), line_end))
