"""Facts as CSV with a header: the columns are the fields; what is no field goes to the metadata."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, cast

from promptbits.facts.fields import FIELDS, KINDS, REQUIRED
from promptbits.facts.interchange.cells import parser, text
from promptbits.facts.interchange.lines import LONGEST, Line, Read, Refused, too_long
from promptbits.facts.store import Fact

_DELIMITERS: Final = ",;\t"
_FIRST: Final = ("kind", "id", "timestamp")
_KNOWN: Final = frozenset(field for fields in FIELDS.values() for field in fields)


class HeaderError(ValueError):
    """The first line is no header of a table of facts; the text says what is missing."""


class _Column(NamedTuple):
    """A column of a file under one kind: its place, its field or its name in the metadata, and how to read a cell."""

    place: int
    name: str
    parse: Callable[[str], Any] | None


def columns(kinds: Iterable[str] = ()) -> tuple[str, ...]:
    """The columns that facts of some kinds need, or facts of any kind."""
    fields = dict.fromkeys(field for kind in tuple(kinds) or KINDS for field in FIELDS[kind])
    return (*_FIRST, *(field for field in fields if field not in (*_FIRST, "metadata")), "metadata")


def facts_of_table(source: Iterable[Line], kind: str = "execution") -> Iterator[Read | Refused]:
    """The facts of the rows of a table, and what is wrong with those that hold none.

    Args:
        source: the lines of the file.
        kind: the kind of rows that name none.

    Raises:
        HeaderError: the first line is no header of a table of facts.
    """
    lines = _Lines(source)
    csv.field_size_limit(LONGEST)
    header = _header(lines)
    if header is None:
        return
    names, delimiter = header
    table = _Table(names, kind)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        started = lines.number + 1
        try:
            row = next(rows)
        except StopIteration:
            yield from lines.refused()
            return
        except csv.Error as error:
            yield Refused(started, f"not CSV: {_reason(error)}")
            continue
        yield from lines.refused()
        if row:
            yield table.read(started, row)


class _Table:
    """Reads rows under a header."""

    def __init__(self, names: list[str], kind: str) -> None:
        self._width = len(names)
        self._names = names
        self._default = kind
        self._kind_at = names.index("kind") if "kind" in names else None
        self._columns: dict[str, list[_Column]] = {}
        needed = {"timestamp"} if self._kind_at is not None else set(REQUIRED[kind]) - {"id"}
        missing = [name for name in ("timestamp", *REQUIRED[kind]) if name in needed - set(names)]
        if missing:
            raise HeaderError(
                f"the first line must name the columns, as {','.join(columns([kind])[:5])},…: "
                f"there is no {' and no '.join(dict.fromkeys(missing))}"
            )

    def read(self, line: int, row: list[str]) -> Read | Refused:
        if len(row) != self._width:
            return Refused(line, f"{len(row):,} cells where the header has {self._width:,}")
        kind = (row[self._kind_at].strip() if self._kind_at is not None else "") or self._default
        fact: Fact = {"kind": kind}
        more: dict[str, str] = {}
        for place, name, parse in self._columns.get(kind) or self._of(kind):
            cell = row[place]
            if not cell:
                continue
            if parse is None:
                more[name] = text(cell)
                continue
            try:
                fact[name] = parse(cell)
            except ValueError as error:
                return Refused(line, f"{name}: {error}")
        if more:
            metadata: Any = fact.setdefault("metadata", {})
            if isinstance(metadata, dict):
                fact["metadata"] = more | cast("dict[str, Any]", metadata)
        return Read(line, fact)

    def _of(self, kind: str) -> list[_Column]:
        fields = FIELDS.get(kind, {})
        found = [
            _Column(index, name, parser(name) if name in fields else None)
            for index, name in enumerate(self._names)
            if index != self._kind_at and name
        ]
        if kind in FIELDS:  # anything else will be refused, and there may be many
            self._columns[kind] = found
        return found


class _Lines:
    """Lines as text for the csv module, which asks for as many as a row has. What is no text is left out and told."""

    def __init__(self, source: Iterable[Line]) -> None:
        self._source = iter(source)
        self._refused: list[Refused] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while True:
            number, data = next(self._source)
            self.number = number
            if data is None:
                self._refused.append(Refused(number, too_long()))
                continue
            try:
                return data.decode()
            except UnicodeDecodeError as error:
                self._refused.append(Refused(number, f"not UTF-8 at byte {error.start + 1:,}"))

    def refused(self) -> Iterator[Refused]:
        found, self._refused = self._refused, []
        return iter(found)


def _header(lines: _Lines) -> tuple[list[str], str] | None:
    """The names in the first line and what separates them; None of an empty file."""
    first = next(lines, None)
    for problem in lines.refused():
        raise HeaderError(f"line {problem.line}: {problem.why}")
    if first is None:
        return None
    found: list[tuple[int, list[str], str]] = []
    for delimiter in _DELIMITERS:
        try:
            names = [_name(cell) for cell in next(csv.reader([first], delimiter=delimiter, strict=True))]
        except (csv.Error, StopIteration):
            continue
        found.append((sum(name in _KNOWN for name in names), names, delimiter))
    known, names, delimiter = max(found, key=lambda each: each[0]) if found else (0, list[str](), "")
    twice = {name for name in names if name and names.count(name) > 1}
    if not known:
        raise HeaderError("the first line must name the columns, as timestamp,prompt_id,outcome,execution_time_ms,…")
    if twice:
        raise HeaderError(f"the header names {len(twice)} columns more than once")
    return names, delimiter


def _name(cell: str) -> str:
    name = text(cell.strip())
    return name.lower() if name.lower() in _KNOWN else name


def _reason(error: csv.Error) -> str:
    words = str(error)
    if "limit" in words:
        return "a cell is too long: is a quotation mark missing?"
    if "unexpected end" in words:
        return "a quotation mark is never closed"
    return words
