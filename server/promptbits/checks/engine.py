"""Runs the checks on a snapshot and applies what the settings say of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from promptbits.checks import content, identity, measured, references, safety, shape, syntax, variables
from promptbits.checks.catalogue import CHECKS
from promptbits.checks.finding import Finding, Severity
from promptbits.checks.snapshot import Range, Snapshot
from promptbits.checks.words import printable
from promptbits.prompts import schema
from promptbits.prompts.order import FIELDS

Family = Callable[[Snapshot], Iterable[Finding]]
OnFailure = Callable[[str, Exception], None]

# Syntax errors at a word that is not finished, or not yet what it is meant to be.
_HALF_READ: Final = frozenset(
    {"unterminated-string", "stray-quote", "unquoted-key", "bad-word", "bad-number", "control-character"}
)
_UNBALANCED: Final = frozenset({"unclosed-object", "unclosed-array", "unexpected", "after-end"})
# Each finding is held against each of them; a file with more is not being typed.
_MOST: Final = 100

# Families that look at the file as text; the others look at the prompt in it.
_TEXT: Final[tuple[Family, ...]] = (syntax.check,)
_PROMPT: Final[tuple[Family, ...]] = (
    shape.check,
    identity.check,
    references.check,
    variables.check,
    content.check,
    safety.check,
    measured.check,
)


def check(snapshot: Snapshot, on_failure: OnFailure | None = None) -> list[Finding]:
    """Everything that is found in a snapshot, in the order of the text.

    Args:
        snapshot: the prompt.
        on_failure: called with the name of a family of checks that failed and its exception, while the others go
            on; without it, the exception is raised.
    """
    findings = [*_leveled(snapshot, _run(snapshot, on_failure))]
    findings.sort(key=lambda finding: (finding.start, finding.end, finding.code))
    return findings


def _run(snapshot: Snapshot, on_failure: OnFailure | None) -> Iterator[Finding]:
    for family in _TEXT:
        yield from _alone(family, snapshot, on_failure)
    # Without an object there is no prompt to speak of; the text families have said so, or `shape` does.
    families = _PROMPT if isinstance(snapshot.document.value, dict) else (shape.check,)
    unsure = _unsure(snapshot)
    for family in families:
        for finding in _alone(family, snapshot, on_failure):
            if not any(start < finding.end and finding.start < end for start, end in unsure):
                yield finding


def _alone(family: Family, snapshot: Snapshot, on_failure: OnFailure | None) -> Iterator[Finding]:
    """The findings of one family; one that fails takes no other with it."""
    try:
        yield from family(snapshot)
    except Exception as error:
        if on_failure is None:
            raise
        on_failure(family.__module__.rpartition(".")[2], error)


def _unsure(snapshot: Snapshot) -> list[Range]:
    """Where the prompt cannot be trusted: what stands there will change once the syntax is mended.

    That is a word that is still being typed, and an object that lacks its closing brace and took in the keys that
    follow it.
    """
    if snapshot.document.is_strict:
        return []
    tree = snapshot.document.tree
    ranges = [(error.start, error.end) for error in tree.errors if error.kind in _HALF_READ][:_MOST]
    if tree.root and any(error.kind in _UNBALANCED for error in tree.errors):
        missing = set(FIELDS) - {member.name for member in tree.root.members}
        ranges += [
            (node.start, node.end)
            for path, node in tree.objects()
            if path
            and missing & {member.name for member in node.members} - {*schema.describe(path).get("properties", ())}
        ][:_MOST]
    return ranges


def _leveled(snapshot: Snapshot, findings: Iterable[Finding]) -> Iterator[Finding]:
    settings = snapshot.settings
    semantic = settings.json == "semantic"
    for finding in findings:
        if semantic and CHECKS[finding.code].plain:
            continue
        level = settings.level(finding.code, snapshot.relative_path)
        if level == "off":
            continue
        if not finding.message.isprintable():
            # Part of a name: it must not break the line it is shown on, or the encoding it is sent in.
            finding = replace(finding, message=printable(finding.message))
        yield finding if level is None else replace(finding, severity=_severity(level, finding))


def _severity(level: str, finding: Finding) -> Severity:
    """The level that was set. A finding milder than its check's own level keeps its distance: it never gets worse."""
    order: tuple[Severity, ...] = ("error", "warning", "information", "hint")
    own = order.index(CHECKS[finding.code].severity)
    milder = max(order.index(finding.severity) - own, 0)
    return order[min(order.index(level) + milder, len(order) - 1)]
