"""Known words, and which of them a mistyped one stands for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

_MOST_REMEMBERED: Final = 10_000


class Words:
    """Known words, among which the one is found that a mistyped one stands for. Upper and lower case count alike."""

    def __init__(self, known: Iterable[str]) -> None:
        self._folded = {_folded(each): each for each in known}
        self._answers: dict[str, str | None] = {}

    def near(self, word: Any) -> str | None:
        """The known word that a mistyped one most likely stands for."""
        if not isinstance(word, str) or not word:
            return None
        # A mistake stands for many keystrokes, and the library may be large: each is looked up once.
        if word not in self._answers:
            if len(self._answers) >= _MOST_REMEMBERED:
                self._answers.clear()
            self._answers[word] = self._look_up(word)
        return self._answers[word]

    def _look_up(self, word: str) -> str | None:
        from rapidfuzz import process  # only once something is mistyped
        from rapidfuzz.distance import OSA

        # More would rename one thing to another: subtitle to title, table to title.
        most = 0 if len(word) <= 2 else 1 if len(word) <= 5 else 2
        best = process.extractOne(_folded(word), list(self._folded), scorer=OSA.distance, score_cutoff=most)
        return self._folded[best[0]] if best else None


def _folded(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "")
