"""Variables inside the content, once `<<` or `{{` has been typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Snapshot
from promptbits.language.completion.docs import variable_key
from promptbits.language.completion.item import Completions, Item, pick
from promptbits.language.completion.known import Ranking, known
from promptbits.text.json_tree import Node
from promptbits.text.placeholders import is_name

# Longer than any placeholder.
_LOOK_BACK: Final = 400

_BEGUN = re.compile(r"(?:<<|\{\{(?P<blank>[ \t]*+))(?P<typed>(?:[A-Za-z_][A-Za-z0-9_.]*+)?)")
_REST = re.compile(r"[A-Za-z0-9_]*+(?:\.[A-Za-z0-9_]++)*+")
_CLOSER: Final = {
    "<<": re.compile(r"(?P<blank>)(?P<marks>>{0,2})"),
    "{{": re.compile(r"(?P<blank>[ \t]*+)(?P<marks>\}{0,2})"),
}


@dataclass(frozen=True)
class _Begun:
    """A placeholder that is being typed. Offsets are of the decoded content; `tail` is what closes it."""

    start: int
    end: int
    style: str
    typed: str
    tail: str


def holds(node: Node, offset: int) -> bool:
    """Whether an offset lies inside of a string, or at the end of one that was not closed."""
    closed = node.end - node.start - len(node.source) == 2
    return node.start < offset < node.end or (offset == node.end and not closed)


def complete_content(snapshot: Snapshot, node: Node, offset: int, most: int) -> Completions:
    """The variables for a placeholder that has been begun."""
    inside = offset - node.start - 1
    caret = node.string_map.decoded(inside)
    if node.string_map.source(caret) != inside:
        return Completions()  # inside of an escape
    begun = _begun(snapshot.content, caret)
    if begun is None:
        return Completions()
    start, end = node.source_offset(begun.start), node.source_offset(begun.end)
    names = _Names(snapshot, begun, most)
    items = (
        Item(name, "variable", detail, Edit(start, end, name + begun.tail), filter_text=name, key=key)
        for name, detail, key in names.offered
    )
    return Completions.of(items, most, incomplete=names.incomplete)


def _begun(content: str, caret: int) -> _Begun | None:
    first = max(caret - _LOOK_BACK, 0)
    mark = max(content.rfind("<<", first, caret), content.rfind("{{", first, caret))
    match = _BEGUN.fullmatch(content, mark, caret) if mark >= 0 else None
    if match is None or content[mark - 1 : mark] in ("$", content[mark]):
        return None
    slashes = mark - len(content[:mark].rstrip("\\")) if content[mark - 1 : mark] == "\\" else 0
    if slashes % 2:
        return None  # an escape
    typed, style = match["typed"], content[mark : mark + 2]
    rest = _REST.match(content, caret)
    end = rest.end() if rest else caret
    closer = _CLOSER[style].match(content, end)
    if not typed and not (closer and closer["marks"]):
        end = caret  # the word that follows is text
        closer = _CLOSER[style].match(content, end)
    blank, there = match["blank"] or "", ""
    if closer and closer["marks"]:
        there = closer["marks"]
        blank = "" if closer["blank"] else blank
    return _Begun(match.start("typed"), end, style, typed, blank + (">>" if style == "<<" else "}}")[len(there) :])


class _Names:
    """The names to offer: declared here, used here, known in the library."""

    def __init__(self, snapshot: Snapshot, begun: _Begun, most: int) -> None:
        declared = {name: spec for name, spec in (snapshot.variables or {}).items() if is_name(name)}
        fences = snapshot.markdown.fences
        # In fenced code {{name}} is a placeholder only if the name is declared.
        closed = begun.style == "{{" and any(fence.start <= begun.start < fence.end for fence in fences)
        used: dict[str, None] = {}
        if not closed:
            # Not the one that is being typed.
            others = (each for each in snapshot.placeholders if not each.start < begun.start < each.end)
            used = dict.fromkeys(each.name for each in others if each.name not in declared)
        here = [*declared, *used]
        ranking = _elsewhere(snapshot) if not closed else Ranking((), {})
        own, cut_here = pick(here, begun.typed, most)
        others_, cut = pick(ranking.names, begun.typed, max(most - len(own), 0), {*here, *ranking.only(_own(snapshot))})
        self.incomplete = cut_here or cut
        self.offered = self._offered(snapshot, own, declared, others_, ranking)

    def _offered(
        self, snapshot: Snapshot, own: list[str], declared: dict[str, Any], others: list[str], ranking: Ranking
    ) -> Iterator[tuple[str, str, str]]:
        places = {name: index for index, name in enumerate(snapshot.variables or ())}
        for name in own:
            if name in declared:
                yield name, _detail(declared[name]), variable_key(name, places[name])
            else:
                yield name, "used here, not declared", ""
        for name in others:
            yield name, used_in(ranking.counts[name]), ""


def used_in(count: int) -> str:
    """How often a name is used in the library."""
    return "in 1 prompt" if count == 1 else f"in {count} prompts"


def _elsewhere(snapshot: Snapshot) -> Ranking:
    return known(snapshot.library).variables


def _own(snapshot: Snapshot) -> tuple[str, ...]:
    """The variables of this file as the library has them."""
    entry = snapshot.library.by_path(str(snapshot.path)) if snapshot.path else None
    return entry.variables if entry else ()


def _detail(spec: dict[str, Any]) -> str:
    """What a declaration says, in one line."""
    kind, described = spec.get("type", "string"), spec.get("description")
    text = str(kind) if isinstance(kind, str) else "string"
    if isinstance(described, str) and described:
        text += " · " + " ".join(described.split())
    return text if len(text) <= 100 else text[:99] + "…"
