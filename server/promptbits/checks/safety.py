"""What must not be in a prompt: secrets, and characters that hide instructions from the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.hidden_characters import HiddenMatch, decoded_tags, find_hidden
from promptbits.checks.secret_formats import find_secrets
from promptbits.checks.snapshot import Snapshot

_MOST: Final = 100


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Secrets and hidden characters in the content. The message never repeats a secret."""
    content = snapshot.content
    if not content:
        return
    for match in find_secrets(content)[:_MOST]:
        message = f"this looks like a secret ({match.format.provider}: {match.format.name}): remove it, and revoke it"
        yield Finding("secret-in-content", "warning", message, *snapshot.content_range(match.start, match.end))
    for match in find_hidden(content)[:_MOST]:
        where = snapshot.content_range(match.start, match.end)
        fix = Fix("Remove the hidden characters", (Edit(*where, ""),))
        yield Finding("hidden-characters", "warning", _hidden(content, match), *where, fix)


def _hidden(content: str, match: HiddenMatch) -> str:
    count = match.end - match.start
    what = match.name if count == 1 else f"{count} characters, {match.name} first"
    spelled = decoded_tags(content[match.start : match.end])
    tail = f", which spell a message of {len(spelled)} letters to a model" if spelled else ""
    return f"hidden from the reader: {what}{tail}"
