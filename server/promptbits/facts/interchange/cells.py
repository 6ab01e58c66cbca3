"""The fields of facts as cells of a table, and back. Nothing is lost, and no cell is taken for a formula.

An empty cell means that the field is not there. A text that is empty, that a spreadsheet would run as a formula, or
that begins with an apostrophe, is written with an apostrophe in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

# What spreadsheets begin formulas with, full-width forms included, and what they skip before one.
# Source: OWASP, "CSV Injection".
_DANGEROUS: Final = frozenset("=+-@\t\r\n'＝＋－＠")

JSON_FIELDS: Final = frozenset(
    (
        *("metadata", "features", "technologies", "prediction", "variants", "figures"),
        *("imports", "exports", "edits", "evidence"),
    )
)
WHOLE_FIELDS: Final = frozenset({"revision", "response_length", "input_tokens", "output_tokens", "size", "version"})
NUMBER_FIELDS: Final = frozenset({"confidence_score", "execution_time_ms", "cost_usd", "rating", "score", "confidence"})
TRUTH_FIELDS: Final = frozenset({"forced"})

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,30}(\.0{1,30})?")
_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})([eE][+-]?[0-9]{1,5})?")
_TRUTHS: Final = {"true": True, "false": False, "1": True, "0": False}


def cell(value: Any) -> str:
    """A value as a cell."""
    if isinstance(value, str):
        return f"'{value}" if not value or value[0] in _DANGEROUS else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return orjson.dumps(value).decode()


def text(cell: str) -> str:
    """The text in a cell."""
    return cell[1:] if cell[:1] == "'" and (len(cell) == 1 or cell[1] in _DANGEROUS) else cell


def _whole(cell: str) -> int:
    if not _WHOLE.fullmatch(cell.strip()):
        raise ValueError("expected a whole number")
    return int(cell.strip().partition(".")[0])


def _number(cell: str) -> float:
    stripped = cell.strip()
    if not _NUMBER.fullmatch(stripped):
        raise ValueError("expected a number")
    return int(stripped) if stripped.lstrip("+-").isdigit() and len(stripped) < 30 else float(stripped)


def _truth(cell: str) -> bool:
    try:
        return _TRUTHS[cell.strip().lower()]
    except KeyError:
        raise ValueError("expected true or false") from None


def _json(cell: str) -> Any:
    try:
        return orjson.loads(cell)
    except orjson.JSONDecodeError:
        raise ValueError("expected JSON") from None


def parser(field: str) -> Callable[[str], Any]:
    """What turns a cell of a field into its value; it raises ValueError with the reason."""
    if field in JSON_FIELDS:
        return _json
    if field in WHOLE_FIELDS:
        return _whole
    if field in NUMBER_FIELDS:
        return _number
    return _truth if field in TRUTH_FIELDS else text


def row_of(fact: Mapping[str, Any], columns: tuple[str, ...]) -> list[str]:
    """A fact as a row. Metadata that is empty needs no cell."""
    get = fact.get
    return [
        "" if (value := get(column)) is None or (column == "metadata" and not value) else cell(value)
        for column in columns
    ]
