"""`promptbits git-merge BASE OURS THEIRS SIZE PATH`: the merge driver. Git writes the three versions to files.

The result is written over OURS. Exit codes are git's: 0 merged, 1 conflicts are marked, above 128 it failed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from promptbits.cli.git.merging import Labels, Outcome, merge_prompts
from promptbits.text.document import Document

USAGE: Final = "usage: promptbits git-merge BASE OURS THEIRS MARKER-SIZE PATH [LABEL-BASE LABEL-OURS LABEL-THEIRS]"
_MERGED: Final = 0
_CONFLICT: Final = 1
_FAILED: Final = 129
_MARKER_SIZE: Final = 7


def main(arguments: Sequence[str]) -> int:
    """Merge three files, the result in the place of the second."""
    if len(arguments) not in (5, 8):
        _say(USAGE)
        return _FAILED
    names, size, path = arguments[:3], _size(arguments[3]), arguments[4]
    try:
        return _merge_files(names, size, path, _labels(arguments[5:]))
    except OSError as error:
        _say(f"{error.filename or path}: {error.strerror}")
        return _FAILED


def _merge_files(names: Sequence[str], size: int, path: str, labels: Labels) -> int:
    base, ours, theirs = (Document.from_bytes(_read(name)) for name in names)
    if not base.text:  # both sides added the file
        base = Document("{}")
    if not (_is_whole(base) and _is_prompt(ours) and _is_prompt(theirs)):
        from promptbits.cli.git.fallback import merge_files

        return merge_files(names, labels, size)
    outcome = merge_prompts(base, ours, theirs, labels, marker_size=size)
    if outcome.conflicts:
        from promptbits.cli.git.fallback import shows_base

        if shows_base():
            outcome = merge_prompts(base, ours, theirs, labels, marker_size=size, show_base=True)
    merged, code = _with_the_rest(outcome, base, theirs, labels, size, path)
    with open(names[1], "wb") as file:  # noqa: PTH123  (one kind of path here: what git gave)
        file.write(merged)
    if outcome.conflicts:
        plural = "" if outcome.conflicts == 1 else "s"
        _say(f'{path}: {outcome.conflicts} conflict{plural} in the content: the markers stand inside "content"')
    return code


def _with_the_rest(
    outcome: Outcome, base: Document, theirs: Document, labels: Labels, size: int, path: str
) -> tuple[bytes, int]:
    """The merged file, with what could not be merged by value left to git, and the exit code."""
    ours = outcome.document.text.encode("utf-8")
    code = _CONFLICT if outcome.conflicts else _MERGED
    if not outcome.unmerged:
        return ours, code
    from promptbits.cli.git.fallback import merge_rest

    merged, conflicts = merge_rest(outcome, base, theirs, labels, size)
    if not conflicts and not _is_prompt(Document.from_bytes(merged)):
        _say(f"{path}: git merged the lines of the JSON, but they are no longer in order: mend them")
        return merged, _CONFLICT
    return merged, _CONFLICT if conflicts else code


def _is_whole(document: Document) -> bool:
    """Whether a version is an object, JSON to the letter, and was read without loss."""
    lossless = not any(problem.kind == "encoding" for problem in document.problems)
    return lossless and document.is_strict and isinstance(document.value, dict)


def _is_prompt(document: Document) -> bool:
    return _is_whole(document) and isinstance(document.value.get("content"), str)


def _labels(given: Sequence[str]) -> Labels:
    """The names of the versions; a git before 2.44 does not know them and passes on what it was told to fill in."""
    if not given or any(label in ("%S", "%X", "%Y") for label in given):
        return Labels()
    base, ours, theirs = given
    return Labels(ours or "ours", base or "base", theirs or "theirs")


def _size(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:4]) <= 1000 else _MARKER_SIZE


def _read(name: str) -> bytes:
    with open(name, "rb") as file:  # noqa: PTH123  (as above)
        return file.read()


def _say(message: str) -> None:
    print(f"promptbits: {message}", file=sys.stderr)  # noqa: T201  (click is not imported for this)
