"""Code actions: a fix for each finding that has one, turning a check off for the file, and mending all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from promptbits.checks.finding import Edit, Finding
from promptbits.checks.mending import mend
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.suppression import Suppression, turn_off
from promptbits.text.changes import changes

QUICK_FIX: Final = "quickfix"
FIX_ALL: Final = "source.fixAll.promptbits"

# What an action does: mend one finding, turn its check off for the file, or mend the whole document.
What = Literal["fix", "off", "all"]


@dataclass(frozen=True)
class Action:
    """One action. Its edits are asked for when somebody chooses it, by `edits_of` or `suppression_of`."""

    what: What
    title: str
    kind: str
    finding: Finding | None = None


def actions(
    snapshot: Snapshot, findings: Sequence[Finding], start: int, end: int, only: Iterable[str] | None
) -> list[Action]:
    """The actions for a range of the document.

    Args:
        snapshot: the prompt.
        findings: what was found in it.
        start: where the range starts.
        end: where it ends; a cursor is an empty range.
        only: the kinds that are asked for (each stands for those below it), or None for all that belong in a menu.
    """
    kinds = None if only is None else tuple(only)
    found: list[Action] = []
    here = [finding for finding in findings if finding.start <= end and start <= finding.end]
    if wants(kinds, QUICK_FIX):
        found += [Action("fix", finding.fix.title, QUICK_FIX, finding) for finding in here if finding.fix is not None]
        if snapshot.relative_path is not None:
            codes = {finding.code: finding for finding in here}
            name = snapshot.relative_path.name
            found += [Action("off", f"Turn off {code} for {name}", QUICK_FIX, codes[code]) for code in codes]
    # Nobody looks for this in a menu: editors ask for it by its kind, on saving for one.
    if kinds is not None and wants(kinds, FIX_ALL) and any(_is_for_all(finding) for finding in findings):
        found.append(Action("all", "Fix all that can be fixed with certainty", FIX_ALL))
    return found


def wants(kinds: tuple[str, ...] | None, kind: str) -> bool:
    """Whether a kind is among those asked for; `source` asks for `source.fixAll.promptbits` as well."""
    return kinds is None or any(kind == each or kind.startswith(f"{each}.") for each in kinds)


def edits_of(snapshot: Snapshot, action: Action) -> tuple[Edit, ...]:
    """The edits of the document that an action stands for."""
    if action.what == "all":
        document, _ = mend(snapshot, _is_for_all)
        return tuple(Edit(*change) for change in changes(snapshot.document.text, document.text))
    return action.finding.fix.edits if action.finding and action.finding.fix else ()


def suppression_of(snapshot: Snapshot, action: Action, settings_text: Callable[[], str]) -> Suppression | None:
    """The edit of the settings file that turns the action's check off."""
    return turn_off(snapshot, action.finding.code, settings_text()) if action.finding else None


def _is_for_all(finding: Finding) -> bool:
    """Whether mending everything, perhaps on each save, takes a finding along.

    Not hints: a variable that is not used yet has just been declared.
    """
    return finding.fix is not None and finding.severity != "hint"
