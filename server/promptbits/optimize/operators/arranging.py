"""Operators that move things: sections into the usual order, constraints to one place, steps numbered."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from typing import Final

from promptbits.optimize.operators.edits import Edit, insertion
from promptbits.optimize.operators.places import add_item, appended, bullet, is_closed
from promptbits.optimize.operators.removing import without_sentence
from promptbits.optimize.operators.sections import Section
from promptbits.optimize.operators.sentences import Sentence
from promptbits.optimize.operators.verbs import is_command
from promptbits.optimize.operators.view import View

_ORDER: Final = ("role", "context", "task", "steps", "rules", "other", "examples", "output", "check", "input")
_POINTS: Final = re.compile(
    r"\b(?:above|below|following|previous|next|earlier|later|preceding|last|first)\b", re.IGNORECASE
)


def reorder(view: View, _rng: random.Random) -> list[Edit] | None:
    """One section moves to where readers look for it: the role first, the output near the end, the input last."""
    level = min((section.level for section in view.sections if section.level), default=0)
    outer = [section for section in view.sections if section.level == level]
    if level == 1 and len(outer) == 1:
        level = 2
        outer = [section for section in view.sections if section.level == level]
    if len(outer) < 3 or not is_closed(view):
        return None
    for at, section in enumerate(outer):
        target = _target(outer, at)
        if target is not None and not _POINTS.search(view.text[section.start : section.tree_end]):
            return _moved(view, outer, at, target)
    return None


def _target(outer: list[Section], at: int) -> int | None:
    """Before which section another one belongs; the count of sections for the end."""
    kind = outer[at].kind
    if kind in ("role",) and at > 0 and all(each.kind in ("steps", "rules", "output", "task") for each in outer[:at]):
        return 0
    if kind == "input" and at + 1 < len(outer) and any(each.kind in ("steps", "output") for each in outer[at + 1 :]):
        return len(outer)
    if kind == "output" and any(each.kind == "steps" for each in outer[at + 1 :]):
        behind = [i for i, each in enumerate(outer) if each.kind in ("steps", "rules") and i > at]
        return behind[-1] + 1
    return None


def _moved(view: View, outer: list[Section], at: int, target: int) -> list[Edit] | None:
    section = outer[at]
    words = view.text[section.start : section.tree_end].rstrip(" \t\r\n")
    gap = view.newline * 2
    if target < len(outer):
        place = outer[target].start
        edits = [Edit(section.start, section.tree_end, ""), insertion(place, words + gap)]
        rest = view.text[section.tree_end :].strip()
        if not rest:
            start = len(view.text[: section.start].rstrip(" \t\r\n"))
            edits[0] = Edit(start, len(view.text.rstrip(" \t\r\n")), "")
        return sorted(edits)
    end = len(view.text.rstrip(" \t\r\n"))
    return [Edit(section.start, section.tree_end, ""), insertion(end, gap + words)]


_CONSTRAINT: Final = re.compile(r"(?:Never|Do not|Don['’]t|Avoid|Under no circumstances)\b")
_LEANS: Final = re.compile(
    r"\b(?:this|that|these|those|it|its|they|them|their|such|then|instead|otherwise|also|here|there|above|below|"
    r"either|both|so|too|again|following|same|other|another|more than)\b",
    re.IGNORECASE,
)
_FOLLOWS: Final = re.compile(r"(?:This|That|These|Those|It|They|Such|Then|Instead|Otherwise|So|Also|Only|But)\b")
_FEWEST: Final = 2
_BURIED: Final = 3  # sentences of a paragraph in which a constraint is hard to find
_MOST: Final = 8


def constraints(view: View, _rng: random.Random) -> list[Edit] | None:
    """What must never happen, gathered from paragraphs into one list."""
    found: list[tuple[Sentence, Edit]] = []
    for sentence in view.sentences:
        words = view.prose[sentence.start : sentence.end]
        block = view.blocks[sentence.block]
        if block.is_item or not _CONSTRAINT.match(words) or _LEANS.search(words) or not words.endswith("."):
            continue
        follower = view.starts.get(sentence.end + 1)
        if follower is not None and _FOLLOWS.match(view.prose, follower.start):
            continue
        if sum(each.block == sentence.block for each in view.sentences) < _BURIED:
            continue
        edit = without_sentence(view, sentence)
        if edit is not None and "\n" not in view.text[sentence.start : sentence.end]:
            found.append((sentence, edit))
    if not (_FEWEST <= len(found) <= _MOST):
        return None
    removals = sorted(edit for _, edit in found)
    if any(before.end >= after.start for before, after in pairwise(removals)):
        return None
    if _emptied(view, found):
        return None
    items = [view.text[sentence.start : sentence.end] for sentence, _ in found]
    rules = next((each for each in view.sections if each.kind == "rules" and each.level), None)
    if rules is not None and (added := add_item(view, rules, items[0])) is not None:
        start = added.new[: added.new.index(items[0][:12])]
        if re.fullmatch(r"\s*[-*+]\s+", start):
            return sorted([*removals, insertion(added.start, "".join(start + item for item in items))])
    mark = bullet(view)
    new = appended(view, "Constraints", "\n".join(f"{mark} {item}" for item in items))
    return sorted([*removals, new]) if new and new.start >= removals[-1].end else None


def _emptied(view: View, found: list[tuple[Sentence, Edit]]) -> bool:
    taken = [sentence.block for sentence, _ in found]
    counts = {block: sum(each.block == block for each in view.sentences) for block in set(taken)}
    return any(taken.count(block) >= counts[block] > 1 for block in counts)


_STEPS: Final = re.compile(r"\b(?:steps|process|procedure|workflow|method)\b", re.IGNORECASE)


def numbered(view: View, _rng: random.Random) -> list[Edit] | None:
    """Items below a heading that announces steps get numbers, so that each can be named."""
    edits: list[Edit] = []
    for section in view.sections:
        if not section.level or not _STEPS.search(section.title) or section.kind == "examples":
            continue
        inside = [line for line in view.lines if section.body <= line.start < section.end and line.kind != "blank"]
        if not 3 <= len(inside) <= 12 or any(line.kind != "item" or line.indent for line in inside):
            continue
        words = [view.prose[line.body : line.end].rstrip() for line in inside]
        if not all(is_command(each) and not each.endswith(":") for each in words):
            continue
        if all(re.fullmatch(r"[-*+] ", view.text[line.start : line.body]) for line in inside):
            edits += [Edit(line.start, line.body, f"{n}. ") for n, line in enumerate(inside, start=1)]
    return edits or None
