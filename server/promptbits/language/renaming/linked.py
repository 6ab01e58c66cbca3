"""Linked editing: while one name of a variable is typed over, the others change with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from promptbits.checks.snapshot import Snapshot
from promptbits.language.names import Name, mentions, name_at
from promptbits.language.renaming.guards import is_read_only
from promptbits.language.renaming.variables import is_whole
from promptbits.text.placeholders import is_name

# Looser than a name, so that typing goes on after a dot.
_WORD: Final = "[A-Za-z_][A-Za-z0-9_.]*"


@dataclass(frozen=True, slots=True)
class Linked:
    """Ranges of the document that all read the same, and the pattern of what may be typed in them."""

    ranges: tuple[tuple[int, int], ...]
    word_pattern: str = _WORD


def linked(snapshot: Snapshot, offset: int) -> Linked | None:
    """The declaration and the uses of the variable at an offset; None where nothing goes with it."""
    name = name_at(snapshot, offset)
    if name is None or name.kind != "variable" or not is_name(name.name):
        return None
    if not name.start <= offset <= name.end:
        return None  # on the marks around it
    if is_read_only(snapshot) or not is_whole(snapshot) or _may_grow(snapshot, name, offset):
        return None
    every = mentions(snapshot, "variable", name.name)
    text = snapshot.document.text
    spelled_alike = all(text[each.start : each.end] == name.name for each in every)
    # A name declared twice is on its way to becoming another one: linked, it would take the first one along.
    declared_once = sum(each.is_declaration for each in every) <= 1
    if name not in every or len(every) < 2 or not spelled_alike or not declared_once:
        return None
    return Linked(tuple((each.start, each.end) for each in every))


def _may_grow(snapshot: Snapshot, name: Name, offset: int) -> bool:
    """Whether a name that the cursor stands behind may be the beginning of another one, still being typed.

    Who types `<<file_name>>` passes `<<file>>` on the way, and must not rename the variable `file` by it. A use is
    typed anew at any time; a declaration most often for a name that is used already.
    """
    if offset < name.end:
        return False
    declared = snapshot.variables or {}
    return not name.is_declaration or any(
        use.name.startswith(name.name) and use.name != name.name and use.name not in declared
        for use in snapshot.placeholders
    )
