"""Versions of the technology that a prompt applies to.

One of `*`, a release line (`1`, `14.2`, `4.x`), a release line and newer (`14.0+`), or a range (`>=3.2,<4`).
"""

from __future__ import annotations

import re
from typing import Final

_RELEASE: Final = r"[0-9]+(?:\.[0-9]+){0,3}"
_LONGEST: Final = 80
_VERSION = re.compile(
    rf"\*|{_RELEASE}(?:\.x|\+)?|(?:>=|<=|==|!=|>|<)[ ]?{_RELEASE}(?:,[ ]?(?:>=|<=|==|!=|>|<)[ ]?{_RELEASE})*"
)


def is_version(text: str) -> bool:
    """Whether a text says which versions a prompt applies to."""
    return _VERSION.fullmatch(text) is not None


def suggestion(text: str) -> str | None:
    """What was most likely meant by a text that is not a version, if that is clear."""
    if len(text) > _LONGEST:
        return None
    trimmed = text.strip()
    candidates = (
        trimmed,
        re.sub(r"^[vV](?=[0-9])", "", trimmed),
        re.sub(r"\.\*$", ".x", trimmed),
        re.sub(r"(?i)^(any|all|latest)$", "*", trimmed),
        re.sub(r"\s+(?=[<>=!])", ",", trimmed),
        re.sub(r"(?i)\s*(?:\+|and (?:newer|up|later|above)|or (?:newer|later|higher|above))$", "+", trimmed),
    )
    return next((each for each in candidates if each != text and is_version(each)), None)
