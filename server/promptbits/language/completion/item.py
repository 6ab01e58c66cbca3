"""What is offered: an item, the text it writes, and how that is laid over what was typed already."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal, NamedTuple

from promptbits.checks.finding import Edit
from promptbits.language.completion.place import Place
from promptbits.text.json_string import encode

ItemKind = Literal["key", "enum", "trigger", "variable", "tag", "prompt", "snippet"]

_SNIPPET_MARKS = re.compile(r"[\\$}]")


@dataclass(frozen=True)
class Item:
    """One thing to choose. `edit` lies on one line and holds the offset.

    `key` leads to the documentation; it holds no text of a prompt, and is empty where there is none.
    `additional` is the comma that the member above lacks: it stands apart from `edit`.
    """

    label: str
    kind: ItemKind
    detail: str
    edit: Edit
    snippet: bool = False
    filter_text: str = ""
    sort_text: str = ""
    key: str = ""
    additional: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Completions:
    """Items in the order to show them; `incomplete` if more would fit what is typed next."""

    items: tuple[Item, ...] = ()
    incomplete: bool = False

    @classmethod
    def of(cls, items: Iterable[Item], most: int, *, incomplete: bool = False) -> Completions:
        """The first items, numbered in their order."""
        found = list(islice(items, most + 1))
        numbered = tuple(replace(item, sort_text=f"{number:04d}") for number, item in enumerate(found[:most]))
        return cls(numbered, incomplete or len(found) > most)


class Stop(NamedTuple):
    """Where the cursor goes in a snippet, with what stands there until something is typed."""

    number: int
    text: str = ""


# Plain text and stops, in order.
Stub = Sequence[str | Stop]


def written(stub: Stub, *, snippets: bool) -> str:
    """The text of a stub: in the syntax of snippets, or plain."""
    if not snippets:
        return "".join(part if isinstance(part, str) else part.text for part in stub)
    return "".join(escaped(part) if isinstance(part, str) else _stop(part) for part in stub)


def escaped(text: str) -> str:
    """Plain text as a snippet writes it."""
    return _SNIPPET_MARKS.sub(r"\\\g<0>", text)


def _stop(stop: Stop) -> str:
    return f"${{{stop.number}:{escaped(stop.text)}}}" if stop.text else f"${stop.number}"


def string(text: str) -> str:
    """A text as a JSON string."""
    return f'"{encode(text)}"'


@dataclass(frozen=True)
class Writer:
    """Makes items for a place."""

    text: str
    place: Place
    snippets: bool

    def item(self, label: str, kind: ItemKind, stub: Stub, *, detail: str = "", key: str = "") -> Item:
        """An item that writes a stub at the place, with the comma it needs.

        In a double quote that was opened, only what is inside is replaced: clients compare `filter_text` with
        what stands between the start of the edit and the cursor, and not all of them expect a quote there.
        """
        place = self.place
        parts, start, shown = list(stub), place.start, place.quote + label
        if place.quote == '"' and isinstance(parts[0], str) and parts[0].startswith('"'):
            parts[0] = parts[0][1:]
            start, shown = start + 1, label
        elif start and self.text[start - 1] in ":,":
            parts.insert(0, " ")
        if place.comma_after:
            parts.append("," if self.text[place.end : place.end + 1].isspace() else ", ")
        snippet = self.snippets and any(isinstance(part, Stop) for part in parts)
        new, end = written(parts, snippets=snippet), place.end
        rest = self.text[place.caret : end]
        if rest and not snippet and new.endswith(rest):
            # The quote behind the cursor can stay. Neovim would leave it there anyway, and write another one.
            new, end = new.removesuffix(rest), place.caret
        edit = Edit(start, end, new)
        above = () if place.comma_before is None else (Edit(place.comma_before, place.comma_before, ","),)
        return Item(label, kind, detail, edit, snippet, shown, key=key, additional=above)


def pick(names: Sequence[str], typed: str, most: int, without: Collection[str] = ()) -> tuple[list[str], bool]:
    """The names to offer, and whether some were left out.

    A short list is given whole: clients filter it as they like. A long one is cut to what fits what was typed,
    names that begin with it first.
    """
    if len(names) <= most:
        return [name for name in names if name not in without], False
    wanted = typed.casefold()
    if not wanted:
        return list(islice((name for name in names if name not in without), most)), True
    first = list(islice((name for name in names if _starts(name, wanted) and name not in without), most))
    inside = (name for name in names if wanted in name.casefold() and not _starts(name, wanted) and name not in without)
    return [*first, *islice(inside, most - len(first))], True


def _starts(name: str, wanted: str) -> bool:
    return name.casefold().startswith(wanted)
