"""A section of a prompt moved to a new prompt, each naming the other as related."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from promptbits.checks.finding import Edit
from promptbits.checks.insertion import add_field, add_item, literal
from promptbits.checks.removal import remove_members
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import kebab_case, printable, shown
from promptbits.language.places import Change, CreatedFile, RefusedError
from promptbits.language.refactoring.content_edits import ContentEdit, change_with, edited
from promptbits.language.refactoring.item import Refactoring
from promptbits.language.refactoring.selection import Selection
from promptbits.prompts.formatting import canonical
from promptbits.prompts.root import stem
from promptbits.text import markdown
from promptbits.text.document import Document
from promptbits.text.json_tree import Node
from promptbits.text.markdown import Heading
from promptbits.text.placeholders import scan

SPLIT: Final = "split-at-heading"

_UNTITLED: Final = "Move this section to a related prompt"
_DEEPEST: Final = 3
_LONGEST_SLUG: Final = 40
_LONGEST_DESCRIPTION: Final = 200
# What a part shares with the whole. Its id, description, content, variables and related prompts are its own.
_SHARED: Final = ("$schema", "trigger", "category", "confidence", "source", "tags", "version", "model")


@dataclass(frozen=True, slots=True)
class _Section:
    """A section: the edit that takes it out, the text of it, and where it starts and ends."""

    heading: Heading
    start: int
    end: int
    removal: ContentEdit
    text: str


def offers(snapshot: Snapshot, selection: Selection) -> Iterator[Refactoring]:
    """On a heading that is not the first thing in the content, of a prompt in a prompt folder."""
    heading = _heading(snapshot, selection)
    if heading is not None:
        title = f'Move "{shown(heading.title, 40)}" to a related prompt' if heading.title else _UNTITLED
        yield Refactoring(SPLIT, title, "refactor.extract")


def change(snapshot: Snapshot, selection: Selection, chosen: Refactoring) -> Change:
    """The section and its variables taken out of the prompt, and the new prompt with them.

    Raises:
        RefusedError: no new id can be told yet, or a placeholder would not be found in its part.
    """
    heading = _heading(snapshot, selection)
    path = snapshot.path
    if heading is None or path is None:
        raise RefusedError("put the cursor on a heading that has text above it")
    if not snapshot.library.complete:
        raise RefusedError("the library is still being read: which ids are free is not known yet")
    section = _section(snapshot, heading)
    id_: str = snapshot.prompt["id"]
    new_path, new_id = _free(snapshot, path, f"{id_}-{_slug(heading.title)}")
    declared = snapshot.variables or {}
    inside = {use.name for use in snapshot.placeholders if section.start <= use.start < section.end}
    outside = {use.name for use in snapshot.placeholders if not section.start <= use.start < section.end}
    moved = {name for name in declared if name in inside and name not in outside}
    _hold_together(snapshot, section, declared.keys() - moved, declared.keys() & inside)
    variables = snapshot.document.tree.find(("variables",))
    others = remove_members(variables, moved) if variables is not None else []
    others.append(_relate(snapshot, new_id))
    text = _prompt(snapshot, section, new_id, [name for name in declared if name in inside])
    created = CreatedFile(str(new_path), text, f"Create {new_path.name}")
    return change_with(snapshot, [section.removal], others, chosen.title, [created])


def _heading(snapshot: Snapshot, selection: Selection) -> Heading | None:
    """The heading whose line a selection lies in, if the prompt can be split there."""
    if selection.inside is None or snapshot.path is None or snapshot.layer in (None, "shipped"):
        return None
    first, last = selection.inside
    headings = snapshot.markdown.headings
    at = bisect_right(headings, first, key=lambda each: each.start) - 1
    if at < 0 or last > headings[at].end or headings[at].level > _DEEPEST:
        return None
    heading = headings[at]
    return heading if _can_be_split(snapshot) and snapshot.content[: heading.start].strip() else None


def _can_be_split(snapshot: Snapshot) -> bool:
    """Whether the keys that a split reads and writes are what they should be."""
    get = snapshot.prompt.get
    id_ = get("id")
    return (
        isinstance(id_, str)
        and id_ != ""
        and kebab_case(id_) == id_
        and isinstance(get("related", []), list)
        and isinstance(get("variables", {}), dict)
    )


def _section(snapshot: Snapshot, heading: Heading) -> _Section:
    content = snapshot.content
    following = (each for each in snapshot.markdown.headings if each.start > heading.start)
    end = next((each.start for each in following if each.level <= heading.level), len(content))
    break_ = "\r\n" if "\r\n" in content else "\n"
    last = break_ if content.endswith("\n") else ""
    head = _text_end(content, 0, heading.start)
    gap = break_ * 2 if end < len(content) else last
    # What stands above and is as it should be stays as it is.
    removal = ContentEdit(head, end, gap)
    if content[head : heading.start].startswith(gap) and (end == len(content) or heading.start == head + len(gap)):
        removal = ContentEdit(head + len(gap), end, "")
    text = content[heading.start : _text_end(content, heading.start, end)] + last
    return _Section(heading, heading.start, end, removal, text)


def _text_end(content: str, start: int, end: int) -> int:
    """The end of the last line with text in a range, without its line end."""
    text = content[start:end].rstrip()
    line_end = content.find("\n", start + len(text), end)
    line = content[start + len(text) : line_end if line_end >= 0 else end]
    return start + len(text) + len(line.removesuffix("\r"))


def _hold_together(snapshot: Snapshot, section: _Section, rest: set[str], moved: set[str]) -> None:
    """See to it that the parts have the placeholders of the whole."""
    names = [use.name for use in snapshot.placeholders]
    parts = [(edited(snapshot.content, [section.removal]), rest), (section.text, moved)]
    found = [[use.name for use in scan(text, markdown.scan(text).fences, known)] for text, known in parts]
    before = sum(use.start < section.start for use in snapshot.placeholders)
    if [*found[0][:before], *found[1], *found[0][before:]] != names:
        raise RefusedError("the parts would not have the placeholders that the whole has")


def _free(snapshot: Snapshot, path: Path, wanted: str) -> tuple[Path, str]:
    """A file beside the prompt, and its id, that neither the library nor the folder has."""
    ending = path.name[len(stem(path)) :] or ".json"
    number = 1
    while True:
        id_ = wanted if number == 1 else f"{wanted}-{number}"
        new_path = path.with_name(id_ + ending)
        is_known = snapshot.library.by_id(id_) or snapshot.library.by_path(str(new_path))
        if not is_known and not os.path.lexists(new_path):  # one of a moment ago: no editor would write over it
            return new_path, id_
        number += 1


def _slug(title: str) -> str:
    """A heading as a part of an id, cut between words."""
    slug = kebab_case(title)
    if len(slug) > _LONGEST_SLUG:
        slug = slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]
    return slug or "part"


def _relate(snapshot: Snapshot, id_: str) -> Edit:
    node = snapshot.document.tree.find(("related",))
    if node is None:
        return add_field(snapshot, "related", [literal(id_)])
    return add_item(snapshot, node, literal(id_))


def _prompt(snapshot: Snapshot, section: _Section, id_: str, names: list[str]) -> str:
    """The new prompt in canonical form. Values are copied from the source, so that numbers keep their spelling."""
    root = snapshot.document.tree.root
    assert root is not None, "a snapshot with content has a root"
    fields = {name: _source(snapshot, node) for name in _SHARED if (node := root.get(name))}
    fields |= {"id": literal(id_), "content": literal(section.text), "related": f"[{literal(snapshot.prompt['id'])}]"}
    description = printable(" ".join(section.heading.title.split()))[:_LONGEST_DESCRIPTION]
    if description:
        fields["description"] = literal(description)
    variables = root.get("variables")
    if names and variables:
        fields["variables"] = _object(
            {name: _source(snapshot, node) for name in names if (node := variables.get(name))}
        )
    return canonical(Document.from_text(_object(fields)))


def _object(fields: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{literal(name)}: {source}" for name, source in fields.items()) + "}"


def _source(snapshot: Snapshot, node: Node) -> str:
    return snapshot.document.text[node.start : node.end]
