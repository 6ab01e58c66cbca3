"""What must not be in a prompt: secrets, and characters that hide instructions from the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.screening import may_hide, may_hold_secret
from promptbits.checks.snapshot import Snapshot

if TYPE_CHECKING:
    from promptbits.checks.hidden_characters import HiddenMatch

_MOST: Final = 100
# `"\\frac"` with one backslash in JSON is a form feed and "rac".
_LOST_BACKSLASHES: Final = {"U+000C": "f", "U+0008": "b"}


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Secrets and hidden characters in the content. The message never repeats a secret."""
    content = snapshot.content
    if may_hold_secret(content):
        yield from _secrets(snapshot, content)
    if may_hide(content):
        yield from _hidden_characters(snapshot, content)


def _secrets(snapshot: Snapshot, content: str) -> Iterator[Finding]:
    from promptbits.checks.secret_formats import find_secrets

    for match in find_secrets(content)[:_MOST]:
        message = f"this looks like a secret ({match.format.provider}: {match.format.name}): remove it, and revoke it"
        yield Finding("secret-in-content", "warning", message, *snapshot.content_range(match.start, match.end))


def _hidden_characters(snapshot: Snapshot, content: str) -> Iterator[Finding]:
    from promptbits.checks.hidden_characters import find_hidden

    for match in find_hidden(content)[:_MOST]:
        where = snapshot.content_range(match.start, match.end)
        fix = Fix("Remove the hidden characters", (Edit(*where, ""),))
        yield Finding("hidden-characters", "warning", _hidden(content, match), *where, fix)


def _hidden(content: str, match: HiddenMatch) -> str:
    from promptbits.checks.hidden_characters import decoded_tags

    count = match.end - match.start
    what = match.name if count == 1 else f"{count} characters, {match.name} first"
    spelled = decoded_tags(content[match.start : match.end])
    if match.kind == "control" and match.name in _LOST_BACKSLASHES:
        return f"hidden from the reader: {what}; for a backslash and a letter write \\\\{_LOST_BACKSLASHES[match.name]}"
    tail = f", which spell a message of {len(spelled)} letters to a model" if spelled else ""
    return f"hidden from the reader: {what}{tail}"
