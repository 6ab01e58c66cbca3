"""Taking out of a text what looks like a secret."""

from __future__ import annotations

from typing import Final

from promptbits.checks.screening import may_hold_secret

# No format of a secret is shorter than this.
_SHORTEST: Final = 20


def masked(text: str) -> tuple[str, int]:
    """The text with the kind of each secret in its place, and how many there were."""
    if len(text) < _SHORTEST or not may_hold_secret(text):
        return text, 0
    from promptbits.checks.secret_formats import find_secrets

    parts: list[str] = []
    end = count = 0
    for match in find_secrets(text):
        if match.start < end:  # inside the one before
            end = max(end, match.end)
            continue
        parts += [text[end : match.start], f"[secret removed: {match.format.provider} {match.format.name}]"]
        end = match.end
        count += 1
    return ("".join([*parts, text[end:]]), count) if count else (text, 0)
