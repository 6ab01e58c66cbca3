"""Whether a text is English: counted by words that every English text has, and no other language's has."""

from __future__ import annotations

import re
from typing import Final

_WORDS = re.compile(r"[^\W\d_]+")
_ENGLISH_WORDS: Final = """
the of and to is are with for that not or you your this be use must should when each if it from by as all an
write create ensure avoid follow keep give name only never
"""
_OTHER_WORDS: Final = """
der die das und ist nicht ein eine mit für auf den dem sie wird werden le la les des et est une pour dans que qui
pas vous el los las una por con para es y del di il che non per sono della een het van en niet voor och att det
som inte som på og ikke til af til jest nie się na że
"""
_ENGLISH: Final = frozenset(_ENGLISH_WORDS.split())
_OTHER: Final = frozenset(_OTHER_WORDS.split())
_FEWEST_WORDS: Final = 4
_SAMPLE: Final = 20_000


def is_english(prose: str) -> bool:
    """Whether operators that know English may touch a prose."""
    words = [word.lower() for word in _WORDS.findall(prose[:_SAMPLE])]
    english = sum(word in _ENGLISH for word in words)
    other = sum(word in _OTHER for word in words)
    return len(words) >= _FEWEST_WORDS and english >= 0.04 * len(words) and english > 2 * other
