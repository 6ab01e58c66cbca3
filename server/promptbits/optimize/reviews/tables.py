"""Reviews as JSON tables, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final, cast

from promptbits.facts.ids import content_sha256
from promptbits.optimize.reviews.model import Review
from promptbits.text.changes import Change, changes

_CHANGES: Final = "changes"
# Characters of JSON around a change.
_EACH: Final = 60


def as_table(review: Review) -> dict[str, Any]:
    """A review as a table of JSON values."""
    return cast("dict[str, Any]", _plain(review))


def packed(review: Review) -> dict[str, Any]:
    """The same in less room: of a candidate only what it changes of the basis, where that is shorter than its text.

    A file of reviews is written as a whole each time, and ten candidates hold the same text ten times over.
    """
    table = as_table(review)
    for candidate in table["candidates"]:
        made = changes(review.basis.content, candidate["text"])
        if sum(len(each.new) + _EACH for each in made) < len(candidate["text"]):
            del candidate["text"]
            candidate[_CHANGES] = [list(each) for each in made]
    return table


def review_of(table: Mapping[str, Any]) -> Review:
    """The review of a table, packed or not.

    Raises:
        ValueError: it is none. The text quotes nothing of it.
    """
    from pydantic import ValidationError

    try:
        return _adapter().validate_python(_unpacked(table))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"])) or "the review"
        raise ValueError(f"{where}: {first['type']}") from None


def _unpacked(table: Mapping[str, Any]) -> dict[str, Any]:
    candidates = table.get("candidates")
    if not isinstance(candidates, list):
        return dict(table)
    return {**table, "candidates": [_whole(table, each) for each in cast("list[Any]", candidates)]}


def _whole(table: Mapping[str, Any], candidate: Any) -> Any:
    """A candidate with its text."""
    if not isinstance(candidate, dict) or _CHANGES not in candidate:
        return cast("Any", candidate)
    rest = {name: value for name, value in cast("dict[str, Any]", candidate).items() if name != _CHANGES}
    basis: Any = table.get("basis")
    try:
        content: str = basis["content"]
        if content_sha256(content) != basis["content_sha256"]:
            raise ValueError("candidates: the basis is not the one that they change")
        made = [Change(*each) for each in cast("dict[str, Any]", candidate)[_CHANGES]]
        return rest | {"text": _applied(content, made)}
    except (TypeError, KeyError, AttributeError):
        raise ValueError("candidates: changes") from None


def _applied(text: str, made: list[Change]) -> str:
    parts: list[str] = []
    at = 0
    for each in made:
        parts += [text[at : each.start], each.new]
        at = each.end
    return "".join([*parts, text[at:]])


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter  # late: only where a review is read

    return TypeAdapter(Review)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in cast("list[Any]", value)]
    return value
