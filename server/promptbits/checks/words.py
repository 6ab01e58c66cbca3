"""Words for messages: what was meant, and how long a quotation may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any


def near(word: Any, known: Iterable[str]) -> str | None:
    """The known word that a mistyped one most likely stands for."""
    if not isinstance(word, str) or not word:
        return None
    from rapidfuzz import process  # only once something is mistyped
    from rapidfuzz.distance import DamerauLevenshtein

    most = len(word) // 3 if len(word) <= 4 else 2 if len(word) <= 8 else 3
    folded = {each.casefold().replace("_", "").replace("-", ""): each for each in known}
    plain = word.casefold().replace("_", "").replace("-", "")
    best = process.extractOne(plain, list(folded), scorer=DamerauLevenshtein.distance, score_cutoff=most)
    return folded[best[0]] if best else None


def kebab_case(text: str) -> str:
    """A text as lower-case words joined by hyphens; empty where nothing remains."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


def shown(text: str, most: int = 60) -> str:
    """A piece of the file, short enough for a message."""
    return text if len(text) <= most else text[: most - 1] + "…"
