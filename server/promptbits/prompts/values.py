"""JSON values read without loss: each number as it is spelled, no key written twice.

Git starts a process for each file that it shows, so nothing is imported here but the json module.
"""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn, TypeGuard, cast

_BOM = "\ufeff"
# As deep as the parser for editors goes: what reads these values calls itself for each level.
_DEEPEST: Final = 200

Table = dict[str, Any]


class Number(str):
    """A number in its own spelling: `0.70` is not `0.7`, and none is too large."""

    __slots__ = ()


def read(data: bytes) -> Table | None:
    """The prompt in the bytes of a file; None for what is not UTF-8, not JSON to the letter, too deep, or no prompt."""
    try:
        value = _DECODER.decode(data.decode("utf-8").removeprefix(_BOM))
    except (ValueError, RecursionError):
        return None
    return value if is_prompt(value) and not _is_too_deep(value) else None


def is_prompt(value: Any) -> TypeGuard[Table]:
    """Whether a value is a prompt as far as this goes: an object with a text as its content."""
    return isinstance(value, dict) and _is_text(cast("Table", value).get("content"))


def is_text(value: Any) -> TypeGuard[str]:
    """Whether a value is a string, and not a number in its own spelling."""
    return _is_text(value)


def same(one: object, other: object) -> bool:
    """Whether two values are the same. The order of keys does not matter, that of items does."""
    if type(one) is not type(other):  # True is 1 to Python
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        ours, theirs = cast("Table", one), cast("Table", other)
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(one, list) and isinstance(other, list):
        mine, its = cast("list[Any]", one), cast("list[Any]", other)
        return len(mine) == len(its) and all(same(*pair) for pair in zip(mine, its, strict=True))
    return one == other


def written(value: Any) -> str:
    """A value as JSON in one line, each number as it was spelled."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        members = (f"{_quoted(key)}: {written(item)}" for key, item in cast("Table", value).items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, cast('list[Any]', value)))}]"
    return _quoted(value)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not isinstance(value, Number)


def _is_too_deep(value: Any) -> bool:
    """Whether a value is nested deeper than can be walked; looked at level by level."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [item for each in level for item in _items(each)]
        if not level:
            return False
    return True


def _items(value: Any) -> list[Any]:
    """What lies right below a value and may hold more."""
    inner = cast("Table", value).values() if isinstance(value, dict) else cast("list[Any]", value)
    return [item for item in inner if isinstance(item, (dict, list))]


def _unique(pairs: list[tuple[str, Any]]) -> Table:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError
    return table


def _refuse(_word: str) -> NoReturn:
    raise ValueError


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_int=Number, parse_float=Number, parse_constant=_refuse)
