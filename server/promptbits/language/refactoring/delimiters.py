"""`<<x>>` written as `{{x}}` and back: all uses of one variable, or all placeholders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import shown
from promptbits.language.places import Change, RefusedError
from promptbits.language.refactoring.content_edits import ContentEdit, change_with, edited
from promptbits.language.refactoring.item import Refactoring
from promptbits.language.refactoring.meaning import meaning
from promptbits.language.refactoring.selection import Selection, use_at
from promptbits.text.placeholders import Placeholder, Style

OF_VARIABLE: Final = "rewrite-delimiters"
OF_ALL: Final = "rewrite-all-delimiters"

_KIND: Final = "refactor.rewrite"
_SHOWN: Final[dict[Style, str]] = {"<<": "<<…>>", "{{": "{{…}}"}


def offers(snapshot: Snapshot, selection: Selection) -> Iterator[Refactoring]:
    """At a placeholder: its variable in the other style, and all placeholders in one style."""
    use = use_at(snapshot, selection)
    if use is None:
        return
    other: Style = "{{" if use.style == "<<" else "<<"
    uses = _to_rewrite(snapshot, other, use.name)
    if _all_fit(snapshot, uses, other):
        before, after = snapshot.content[use.start : use.end], spelled(snapshot, other, use.name)
        title = f"Write {shown(before, 40)} as {shown(after, 40)}"
        yield Refactoring(OF_VARIABLE, title + (f" ({len(uses)} uses)" if len(uses) > 1 else ""), _KIND, other)
    for style in (other, use.style):
        every = _to_rewrite(snapshot, style)
        is_new = every and not (style == other and len(every) == len(uses))
        if is_new and _all_fit(snapshot, every, style):
            yield Refactoring(OF_ALL, f"Write all placeholders as {_SHOWN[style]}", _KIND, style)


def change(snapshot: Snapshot, selection: Selection, chosen: Refactoring) -> Change:
    """The edits of the placeholders.

    Raises:
        RefusedError: other placeholders would be found afterwards.
    """
    style: Style = "<<" if chosen.argument == "<<" else "{{"
    use = use_at(snapshot, selection)
    if use is None:
        raise RefusedError("there is no placeholder here")
    uses = _to_rewrite(snapshot, style, use.name if chosen.name == OF_VARIABLE else None)
    edits = [ContentEdit(each.start, each.end, spelled(snapshot, style, each.name)) for each in uses]
    declared = snapshot.variables or {}
    if not edits or meaning(edited(snapshot.content, edits), declared) != meaning(snapshot.content, declared):
        raise RefusedError(f"not each of them is a placeholder as {_SHOWN[style]}: the text around it is in the way")
    return change_with(snapshot, edits, (), chosen.title)


def fits(content: str, start: int, end: int, style: Style) -> bool:
    """Whether content[start:end] can give way to a placeholder of a style: what stands beside it decides."""
    opening, closing = ("<", ">") if style == "<<" else ("{", "}")
    return content[start - 1 : start] not in (opening, "$") and content[end : end + 1] != closing


def spelled(snapshot: Snapshot, style: Style, name: str) -> str:
    """A placeholder, with blanks between braces where the content has them."""
    if style == "<<":
        return f"<<{name}>>"
    first = next((use for use in snapshot.placeholders if use.style == "{{"), None)
    gap = " " if first and snapshot.content[first.start + 2] in " \t" else ""
    return f"{{{{{gap}{name}{gap}}}}}"


def _to_rewrite(snapshot: Snapshot, style: Style, name: str | None = None) -> list[Placeholder]:
    """The placeholders, or those of one variable, that are not yet of a style."""
    return [use for use in snapshot.placeholders if use.style != style and name in (None, use.name)]


def _all_fit(snapshot: Snapshot, uses: list[Placeholder], style: Style) -> bool:
    declared = snapshot.variables or {}
    return all(
        fits(snapshot.content, use.start, use.end, style)
        # In fenced code {{name}} is a placeholder only if the name is declared.
        and (style == "<<" or use.name in declared or not snapshot.markdown.in_fence(use.start))
        for use in uses
    )
