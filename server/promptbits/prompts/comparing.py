"""What has changed from one version of a prompt to another: its content as a diff of lines, its fields one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple, cast

from promptbits.prompts.readable import visible
from promptbits.prompts.values import Table, read, same
from promptbits.text.changes import Run, changed_runs

Kind = Literal["added", "removed", "changed"]

_CONTEXT: Final = 3


class FieldChange(NamedTuple):
    """One value that differs. The path is of keys, joined by dots; an absent value is None, as null is."""

    path: str
    kind: Kind
    before: Any
    after: Any


class Comparison(NamedTuple):
    """What differs. `is_raw` says that the diff is one of the files, because one of them is no prompt in order.

    Files that differ and have no lines to show, as binary ones, are raw and have no diff.
    """

    fields: tuple[FieldChange, ...] = ()
    diff: tuple[str, ...] = ()
    is_raw: bool = False

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not self.fields and not self.diff and not self.is_raw


def compare(before: bytes | None, after: bytes | None) -> Comparison:
    """Compare two files; None for one that does not exist."""
    old = {} if before is None else read(before)
    new = {} if after is None else read(after)
    if old is None or new is None:
        return _raw(before, after)
    diff = tuple(unified(*plain_ends(old.get("content", ""), new.get("content", ""))))
    fields = tuple(_fields(_without_content(old), _without_content(new), ""))
    return Comparison(fields, diff)


def _raw(before: bytes | None, after: bytes | None) -> Comparison:
    """Two files as lines. How lines end is left out: git itself may have changed that (`core.autocrlf`)."""
    old, new = (data if data is None else data.replace(b"\r\n", b"\n") for data in (before, after))
    if old == new:
        return Comparison()
    is_binary = any(b"\0" in data for data in (old, new) if data)  # as git tells it
    texts = ((data or b"").decode("utf-8", "backslashreplace") for data in (old, new))
    return Comparison((), () if is_binary else tuple(unified(*texts)), is_raw=True)


def plain_ends(before: str, after: str) -> tuple[str, str]:
    """Two texts without the carriage returns, if all lines of both have one: that is not worth a sign on each."""
    if any("\n" in text.replace("\r\n", "") for text in (before, after)):
        return before, after
    return before.replace("\r\n", "\n"), after.replace("\r\n", "\n")


def unified(before: str, after: str) -> Iterator[str]:
    """The lines of a unified diff without its header. What cannot be seen is written as an escape."""
    old, new = _lines(before), _lines(after)
    for hunk in _hunks(old, new):
        first, last = hunk[0], hunk[-1]
        above, below = min(first.start, _CONTEXT), min(len(old) - last.end, _CONTEXT)
        at = first.start - above
        yield f"@@ -{_span(at, last.end + below)} +{_span(first.new_start - above, last.new_end + below)} @@"
        for run in hunk:
            yield from _marked(" ", old[at : run.start])
            yield from _marked("-", old[run.start : run.end])
            yield from _marked("+", new[run.new_start : run.new_end])
            at = run.end
        yield from _marked(" ", old[at : at + below])


def _hunks(old: list[str], new: list[str]) -> Iterator[list[Run]]:
    """The runs of lines that differ, those together that are shown with the same lines around them."""
    hunk: list[Run] = []
    for run in changed_runs(old, new):
        if hunk and run.start - hunk[-1].end > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(run)
    if hunk:
        yield hunk


def _marked(sign: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        text = visible(line.removesuffix("\n"))
        yield sign + text
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _span(start: int, end: int) -> str:
    size = end - start
    at = start + 1 if size else start
    return f"{at}" if size == 1 else f"{at},{size}"


def _without_content(prompt: Table) -> Table:
    return {name: value for name, value in prompt.items() if name != "content"}


def _fields(before: Table, after: Table, above: str) -> Iterator[FieldChange]:
    for name in {**before, **after}:
        path = above + name
        old, new = before.get(name), after.get(name)
        if name in before and name in after:
            if same(old, new):
                continue
            if isinstance(old, dict) and isinstance(new, dict):
                yield from _fields(cast("Table", old), cast("Table", new), f"{path}.")
            else:
                yield FieldChange(path, "changed", old, new)
        elif path in ("variables", "model") and (old or new) and isinstance(old or new, dict):
            # Each variable by itself, also where there were none before.
            yield from _fields(cast("Table", old or {}), cast("Table", new or {}), f"{path}.")
        elif name in after:
            yield FieldChange(path, "added", None, new)
        else:
            yield FieldChange(path, "removed", old, None)
