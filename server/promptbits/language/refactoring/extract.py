"""Words of the content made the default of a new variable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from promptbits.checks.finding import Edit
from promptbits.checks.insertion import Value, add_field, add_member, literal
from promptbits.checks.snapshot import Range, Snapshot
from promptbits.checks.words import kebab_case, shown
from promptbits.language.places import Change, RefusedError
from promptbits.language.refactoring.content_edits import ContentEdit, change_with, edited
from promptbits.language.refactoring.delimiters import fits, spelled
from promptbits.language.refactoring.item import Refactoring
from promptbits.language.refactoring.meaning import meaning
from promptbits.language.refactoring.occurrences import Free, equal_words
from promptbits.language.refactoring.selection import Selection
from promptbits.text.placeholders import Escape, Style, pieces, scan

ONE: Final = "extract-variable"
EVERY: Final = "extract-every-occurrence"

_KIND: Final = "refactor.extract"
_MOST_WORDS: Final = 3
_LONGEST_NAME: Final = 40
# What is looked at to make a name; the words at the start of a selection say what it is.
_BEGINNING: Final = 200


def offers(snapshot: Snapshot, selection: Selection) -> Iterator[Refactoring]:
    """For selected words: a variable of them, and of all that are equal to them."""
    words = _words(snapshot, selection)
    if words is None:
        return
    _, places = words
    text = shown(" ".join(snapshot.content[slice(*places[0])].split()), 30)
    yield Refactoring(ONE, f'Extract "{text}" into a variable', _KIND)
    if len(places) > 1:
        yield Refactoring(EVERY, f'Extract all {len(places)} occurrences of "{text}" into a variable', _KIND)


def change(snapshot: Snapshot, selection: Selection, chosen: Refactoring) -> Change:
    """A placeholder for the words, and a declaration with the words as its default.

    Raises:
        RefusedError: nothing that can be extracted is selected, or the prompt would render differently.
    """
    words = _words(snapshot, selection)
    if words is None:
        raise RefusedError("select words of the content, and no placeholder or fence line among them")
    style, places = words
    if chosen.name == ONE:
        places = places[:1]
    content = snapshot.content
    name = _name(snapshot, content[slice(*places[0])])
    edits = [_edit(content, place, spelled(snapshot, style, name)) for place in sorted(places)]
    default = "".join(_rendered(snapshot, *places[0]))
    declared = snapshot.variables or {}
    added = _to_declare(snapshot, name)
    if meaning(edited(content, edits), {*declared, *added}, {name: default}) != meaning(content, declared):
        raise RefusedError("the text around the selection would make something else of the placeholder")
    where = snapshot.content_range(*places[0])
    is_plain = default == content[slice(*places[0])]
    source = f'"{snapshot.document.text[slice(*where)]}"' if is_plain else literal(default)
    return change_with(snapshot, edits, [_declaration(snapshot, added, source)], chosen.title)


def _words(snapshot: Snapshot, selection: Selection) -> tuple[Style, list[Range]] | None:
    """The style of the new placeholder, and the ranges of the content to extract, the selected one first."""
    if selection.inside is None or selection.start == selection.end:
        return None
    content = snapshot.content
    first, last = selection.inside
    text = content[first:last]
    start, end = first + len(text) - len(text.lstrip()), last - len(text) + len(text.rstrip())
    variables = snapshot.document.tree.find(("variables",))
    if start >= end or (variables is not None and variables.kind != "object"):
        return None
    free = Free(snapshot)
    if not free.holds(start, end):
        return None
    styles: list[Style] = [each for each in _styles(snapshot) if fits(content, start, end, each)]
    if not styles:
        return None
    style = styles[0]
    equal = [each for each in equal_words(content, start, end) if free.holds(*each) and fits(content, *each, style)]
    return style, [(start, end), *equal]


def _styles(snapshot: Snapshot) -> tuple[Style, Style]:
    """The styles, that of most placeholders first."""
    braces = sum(use.style == "{{" for use in snapshot.placeholders)
    return ("{{", "<<") if braces * 2 > len(snapshot.placeholders) else ("<<", "{{")


def _edit(content: str, place: Range, placeholder: str) -> ContentEdit:
    """A placeholder in place of words. Backslashes before it would escape it: as many more keep them what they are."""
    start, end = place
    slashes = start - len(content[:start].rstrip("\\"))
    return ContentEdit(start, end, "\\" * slashes + placeholder)


def _rendered(snapshot: Snapshot, start: int, end: int) -> Iterator[str]:
    """A part of the content without placeholders, as it is rendered."""
    content = snapshot.content
    for piece in pieces(content, snapshot.markdown.fences, snapshot.variables or {}):
        if isinstance(piece, Escape) and start <= piece.start and piece.end <= end:
            yield content[start : piece.start] + piece.shown
            start = piece.end
    yield content[start:end]


def _name(snapshot: Snapshot, text: str) -> str:
    """A name from the first words of a text, that nothing in the prompt has yet."""
    words = kebab_case(text[:_BEGINNING]).split("-")[:_MOST_WORDS]
    name = "_".join(words)[:_LONGEST_NAME].rstrip("_") or "value"
    if name[0].isdigit():
        name = f"value_{name}"
    number = 1
    while _is_taken(snapshot, candidate := name if number == 1 else f"{name}_{number}"):
        number += 1
    return candidate


def _is_taken(snapshot: Snapshot, name: str) -> bool:
    """Whether a name is declared or used, or stands between braces in code, where declaring it would make it count."""
    known: Mapping[str, Any] = snapshot.variables or {}
    uses = scan(snapshot.content, snapshot.markdown.fences, {name})
    return name in known or any(use.name == name for use in uses)


def _to_declare(snapshot: Snapshot, name: str) -> list[str]:
    """What to declare: the new variable, and with the first declaration of a prompt also what it uses already."""
    used = dict.fromkeys(use.name for use in snapshot.placeholders)
    if snapshot.variables is not None:
        return [name]
    # Declared, some of them might count in code where they do not now.
    is_same = scan(snapshot.content, snapshot.markdown.fences, used) == snapshot.placeholders
    return [*used, name] if is_same else [name]


def _declaration(snapshot: Snapshot, names: list[str], default: str) -> Edit:
    """Declare variables at the end; the last one is the new one."""
    spec: Value = {"type": '"string"', "default": default}
    node = snapshot.document.tree.find(("variables",))
    if node is not None:
        return add_member(snapshot, node, names[-1], spec)
    return add_field(snapshot, "variables", {**{name: dict[str, Value]() for name in names[:-1]}, names[-1]: spec})
