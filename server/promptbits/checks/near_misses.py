"""Text that was most likely meant as a placeholder of a declared variable and is none.

Rendering leaves such text as it stands, so a model gets to read the marks instead of the value. Marks in prose have
other uses, so only declared names count, and only where the marks around them have no other work to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from promptbits.checks.snapshot import Snapshot
from promptbits.text.placeholders import Style, is_name

# A name in angles or braces: one mark too few or too many, blanks, a hyphen, a filter. Every part has a bound, so
# that no text makes the scan slow.
_NEAR_MISS = re.compile(
    r"(?<![<\\$\w])(?P<open><{1,6})(?P<angle>[ \t]{0,8}[A-Za-z_][\w. -]{0,63}?[ \t]{0,8})(?P<close>>{1,6})(?!>)"
    r"|(?<![{\\$])(?P<left>\{{1,6})(?P<brace>\s{0,8}[A-Za-z_][\w. -]{0,63}?\s{0,8})(?P<filter>\|(?!\|)[^{}\n]{0,80})?"
    r"(?P<right>\}{1,6})(?!\})"
)
# Numbers of marks that are likely meant as a pair of two. One on each side is an ordinary tag or an ordinary brace.
_EQUAL: Final = frozenset({(2, 2), (3, 3)})
_ONE_SHORT: Final = frozenset({(2, 1), (1, 2)})
_ONE_OVER: Final = frozenset({(2, 3), (3, 2)})

_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
# Each is looked at together with what stands around it; no prompt that is read by people has more.
_MOST: Final = 1000
# How much of its paragraph is looked at on each side of a near miss.
_REACH: Final = 2000
_CODE_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)[^\n]{1,400}?(?<!`)\1(?!`)")
_ARROW = re.compile(r"[-=]>|<[-=]|>=|^>+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One of them: content[start:end], what to write in its place, and why it is no placeholder.

    `is_certain` tells whether writing that loses nothing.
    """

    name: str
    start: int
    end: int
    written: str
    message: str
    is_certain: bool = True


def find(snapshot: Snapshot, variables: Mapping[str, Any]) -> Iterator[NearMiss]:
    """Near misses of declared names, in order."""
    if not variables or not _has_stray_marks(snapshot):
        return
    names = {_plain(name): name for name in variables if is_name(name)}
    uses = {use.start for use in snapshot.placeholders}
    named = (
        (match, name)
        for match in _NEAR_MISS.finditer(snapshot.content)
        if (name := names.get(_plain(match["angle"] or match["brace"]))) and match.start() not in uses
    )
    for match, name in islice(named, _MOST):
        miss = _near_miss(snapshot, match, name)
        if miss:
            yield miss


def written(style: Style, name: str) -> str:
    """A placeholder as it is best written."""
    return f"<<{name}>>" if style == "<<" else f"{{{{ {name} }}}}"


def _near_miss(snapshot: Snapshot, match: re.Match[str], name: str) -> NearMiss | None:
    style: Style = "<<" if match["open"] else "{{"
    inside: str = match["angle"] or match["brace"]
    counts = (len(match["open"] or match["left"]), len(match["close"] or match["right"]))
    before, after = _open_marks(snapshot.content, match, style)
    in_fence = snapshot.markdown.in_fence(match.start())
    # Between angles, a blank makes a comparison or a shift of what has not two marks on both sides.
    if style == "<<" and counts != (2, 2) and inside != inside.strip():
        return None
    if min(counts) == 2 and max(counts) > 2:
        over, open_ones = (counts[0] - 2, after) if counts[0] > 2 else (counts[1] - 2, before)
        if open_ones >= over:
            exact = inside.strip() == name and not match["filter"]
            return _third_mark(match, name, style, counts) if exact else None
    if in_fence or (counts in _EQUAL and _in_code_span(snapshot.content, match.start())):
        return None  # code, or marks that are shown as such
    if counts in _ONE_SHORT:
        return None if (after if counts == (2, 1) else before) else _simple(match, name, style)
    return _simple(match, name, style) if counts in _EQUAL or counts in _ONE_OVER else None


def _simple(match: re.Match[str], name: str, style: Style) -> NearMiss:
    good = written(style, name)
    if match["filter"]:
        return NearMiss(name, *match.span(), good, f"a placeholder has no filter: write {good}", is_certain=False)
    # Three angles are a delimiter in some prompts; the author knows.
    certain = match["open"] != "<<<" or match["close"] != ">>>"
    return NearMiss(name, *match.span(), good, f"this is not a placeholder: write {good}", certain)


def _third_mark(match: re.Match[str], name: str, style: Style, counts: tuple[int, int]) -> NearMiss:
    """`Result<T, <<err>>>`: the third mark belongs to the text around.

    A blank keeps it away, as before a closing mark it does no harm; before a tag's name it would.
    """
    start, end = match.start() + (counts[0] - 2), match.end() - (counts[1] - 2)
    if counts[1] > 2:
        mark = ">" if style == "<<" else "}"
        good = f"{written(style, name)} {mark}"
        message = f'a third "{mark}" follows, so this is not a placeholder: write {good}'
        return NearMiss(name, start, end + 1, good, message)
    good = written("{{" if style == "<<" else "<<", name)
    message = f'a third "{style[0]}" stands before it, so this is not a placeholder: write {good}'
    return NearMiss(name, start, end, good, message)


def _open_marks(content: str, match: re.Match[str], style: Style) -> tuple[int, int]:
    """How many marks the paragraph leaves open before a near miss, and how many it closes after it."""
    start, end = match.span()
    before, after = content[max(start - _REACH, 0) : start], content[end : end + _REACH]
    *_, before = _BLANK_LINE.split(before)
    after = _BLANK_LINE.split(after, maxsplit=1)[0]
    opening, closing = ("<", ">") if style == "<<" else ("{", "}")
    if style == "<<":
        before, after = _ARROW.sub("", before), _ARROW.sub("", after)
    return _left_open(before, opening, closing), _left_open(after[::-1], closing, opening)


def _left_open(text: str, opening: str, closing: str) -> int:
    depth = 0
    for char in text:
        if char == opening:
            depth += 1
        elif char == closing:
            depth = max(depth - 1, 0)
    return depth


def _in_code_span(content: str, offset: int) -> bool:
    start = max(content.rfind("\n", 0, offset) + 1, offset - _REACH)
    end = content.find("\n", offset)
    line = content[start : min(end if end >= 0 else len(content), offset + _REACH)]
    return any(span.start() <= offset - start < span.end() for span in _CODE_SPAN.finditer(line))


def _has_stray_marks(snapshot: Snapshot) -> bool:
    """Whether there is a mark that belongs to no placeholder: every near miss leaves one over."""
    count = snapshot.content.count
    angles = sum(use.style == "<<" for use in snapshot.placeholders)
    braces = len(snapshot.placeholders) - angles
    return not (count("<<") == count(">>") == angles and count("{{") == count("}}") == braces)


def _plain(name: str) -> str:
    return name.strip().replace("-", "_").replace(" ", "_")
