"""A changed field in words: on one line, and never so cut that the difference is what was left out."""

from __future__ import annotations

import math
from typing import Any, Final, cast

from promptbits.prompts.comparing import FieldChange
from promptbits.prompts.readable import one_line, visible
from promptbits.prompts.values import Number, Table
from promptbits.text.json_leaves import number_value

_LONGEST: Final = 100
_BEFORE_DIFFERENCE: Final = 20


def values(change: FieldChange) -> tuple[str, str]:
    """Both values of a changed field, cut where they are long and alike."""
    before, after = one_line(change.before), one_line(change.after)
    if max(len(before), len(after)) <= _LONGEST or change.kind != "changed":
        return _cut(before), _cut(after)
    shorter = min(len(before), len(after))
    same = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    start = max(same - _BEFORE_DIFFERENCE, 0)
    return _cut(before, start), _cut(after, start)


def items(change: FieldChange) -> tuple[list[str], list[str]] | None:
    """For lists that differ in more than their order: the items that are new, and those that are gone."""
    one, other = change.before, change.after
    if not isinstance(one, list) or not isinstance(other, list):
        return None
    before = [one_line(item) for item in cast("list[Any]", one)]
    after = [one_line(item) for item in cast("list[Any]", other)]
    new = [item for item in after if item not in before]
    gone = [item for item in before if item not in after]
    return (new, gone) if new or gone else None


def summary(change: FieldChange, *, whole: bool = False) -> str:
    """A changed field in one line. Where the whole prompt came or went, it is not said again of each field."""
    path = visible(change.path).replace("\n", "\\u000a")
    if change.kind != "changed":
        value = values(change)[change.kind == "added"]
        return f"{path}: {value}" if whole else f"{path} {change.kind}: {value}"
    listed = items(change)
    if listed:
        new, gone = listed
        return f"{path} {', '.join([*(f'+ {item}' for item in new), *(f'- {item}' for item in gone)])}"
    before, after = values(change)
    return f"{path} {before} → {after}"


def as_json(value: Any) -> Any:
    """A value for the json module: numbers are numbers again."""
    if isinstance(value, dict):
        return {name: as_json(item) for name, item in cast("Table", value).items()}
    if isinstance(value, list):
        return [as_json(item) for item in cast("list[Any]", value)]
    if not isinstance(value, Number):
        return value
    number = number_value(str(value))
    return number if math.isfinite(number) else str(value)  # JSON has no word for what is too large


def _cut(text: str, start: int = 0) -> str:
    end = start + _LONGEST
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
