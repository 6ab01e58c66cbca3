"""Applies the fixes of findings: as many as do not touch one another, again until nothing changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from promptbits.checks import engine
from promptbits.checks.finding import Edit, Finding
from promptbits.checks.snapshot import Snapshot
from promptbits.text.document import Document

# A fix may bring out another one, as a comma brings out a key; more rounds than this are a fix that undoes itself.
_MOST_ROUNDS = 10


def mend(snapshot: Snapshot, wanted: Callable[[Finding], bool]) -> tuple[Document, Counter[str]]:
    """The document with its findings mended, and how many of each check there were."""
    codes: Counter[str] = Counter()
    if any(problem.kind == "encoding" for problem in snapshot.document.problems):
        return snapshot.document, codes  # what could not be decoded would be lost
    for _ in range(_MOST_ROUNDS):
        chosen = choose(finding for finding in engine.check(snapshot) if wanted(finding))
        if not chosen:
            break
        document = apply(snapshot.document, [edit for finding in chosen for edit in _edits(finding)])
        if _errors(document) > _errors(snapshot.document) or document.text == snapshot.document.text:
            break
        codes.update(finding.code for finding in chosen)
        snapshot = replace(snapshot, document=document)
    return snapshot.document, codes


def choose(findings: Iterable[Finding]) -> list[Finding]:
    """The first findings with a fix none of whose edits touches one of another."""
    chosen: list[Finding] = []
    taken: list[Edit] = []
    for finding in findings:
        edits = _edits(finding)
        if edits and not any(_touch(edit, other) for edit in edits for other in taken):
            chosen.append(finding)
            taken += edits
    return chosen


def apply(document: Document, edits: Iterable[Edit]) -> Document:
    """A document with edits that do not touch one another."""
    text = document.text
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return Document.from_text(text)


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix else ()


def _touch(one: Edit, other: Edit) -> bool:
    return one.start <= other.end and other.start <= one.end


def _errors(document: Document) -> int:
    return 0 if document.is_strict else len(document.tree.errors)
