"""Characters that no prompt can hold, and those that a reader does not see."""

from __future__ import annotations

from collections import Counter

from promptbits.checks.screening import may_hide
from promptbits.optimize.filters.reading import Reading
from promptbits.prompts.content import unfit


def hidden(reading: Reading) -> Counter[str]:
    """Hidden characters that their script or emoji does not call for, by name."""
    text = reading.text
    if not may_hide(text):
        return Counter()
    from promptbits.checks.hidden_characters import find_hidden

    found: Counter[str] = Counter()
    for match in find_hidden(text):
        found.update(f"U+{ord(each):04X}" for each in text[match.start : match.end])
    return found


def invalid(reading: Reading) -> str | None:
    """Why no prompt can have this text."""
    return unfit(reading.text)
