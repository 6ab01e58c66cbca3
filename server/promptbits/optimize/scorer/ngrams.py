"""The words and characters of a text as hashed n-grams, all of them at once by numpy.

A text becomes a row per view: its words, pairs of words, characters without and with case, and the characters where it
begins, where it ends, and after its last variable. Polynomial hashes over prefixes give the hash of any stretch by one
subtraction, exactly, in arithmetic modulo 2^64.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from promptbits.optimize.scorer.structure import VARIABLE

BUCKETS = 1024
VIEWS: tuple[str, ...] = ("words", "pairs", "letters", "characters", "tail", "end", "start")
_EDGE = 40

Array = NDArray[np.float64]
_Hashes = NDArray[np.uint64]

_PRIME = 0x9E3779B97F4A7C15
_FACTOR = np.uint64(_PRIME)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(64 - int(math.log2(BUCKETS)))


def ngrams(text: str) -> Array:
    """The n-grams of a text: a row per view, each of length one (or zero, for a view that sees nothing)."""
    lowered = _Prefixes(text.lower())
    plain = _Prefixes(text)
    words = lowered.words()
    seen = (
        words,
        words[:-1] * _FACTOR + words[1:] * _MIX,
        lowered.grams(3, 4, 5),
        plain.grams(1, 2, 3),
        _Prefixes(_tail(text)).grams(1, 2, 3, 4),
        _Prefixes(text[-_EDGE:]).grams(1, 2, 3, 4),
        _Prefixes(text[:_EDGE]).grams(1, 2, 3, 4),
    )
    places = np.concatenate([_bucket(hashes) + at * BUCKETS for at, hashes in enumerate(seen)])
    rows = np.log1p(np.bincount(places, minlength=len(VIEWS) * BUCKETS)).reshape(len(VIEWS), BUCKETS)
    lengths = np.sqrt((rows * rows).sum(1, keepdims=True))
    return rows / np.where(lengths > 0, lengths, 1.0)


def _tail(text: str) -> str:
    """What follows the last variable, where most prompts say how to answer."""
    last = None
    for match in VARIABLE.finditer(text):
        last = match.end()
    return text[last:] if last is not None else text[-60:]


def _bucket(hashes: _Hashes) -> NDArray[np.int64]:
    return (((hashes ^ (hashes >> np.uint64(29))) * _MIX) >> _SHIFT).astype(np.int64)


class _Prefixes:
    """The bytes of a text, and the hash of each of its beginnings."""

    def __init__(self, text: str) -> None:
        self._bytes = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
        n = self._bytes.size
        self._powers, self._inverses = _tables(n)
        self._sums = np.zeros(n + 1, np.uint64)
        np.cumsum((self._bytes.astype(np.uint64) + np.uint64(1)) * self._powers[:n], out=self._sums[1:])

    def grams(self, *sizes: int) -> _Hashes:
        """Every stretch of these numbers of bytes."""
        n = self._bytes.size
        found = [
            (self._sums[size:] - self._sums[: n - size + 1]) * self._inverses[: n - size + 1]
            for size in sizes
            if n >= size
        ]
        return np.concatenate(found) if found else np.zeros(0, np.uint64)

    def words(self) -> _Hashes:
        """The words: letters, digits, apostrophes, and whatever is not ASCII."""
        data = self._bytes
        inside = ((data >= 97) & (data <= 122)) | ((data >= 48) & (data <= 57)) | (data >= 128) | (data == 39)
        edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.view(np.int8), [0]))))
        starts, ends = edges[::2], edges[1::2]
        return (self._sums[ends] - self._sums[starts]) * self._inverses[starts]


def _powers(n: int) -> tuple[_Hashes, _Hashes]:
    def of(base: int) -> _Hashes:
        table = np.full(n, base, np.uint64)
        table[0] = 1
        return np.multiply.accumulate(table)

    return of(_PRIME), of(pow(_PRIME, -1, 1 << 64))


_known = _powers(4096)


def _tables(n: int) -> tuple[_Hashes, _Hashes]:
    """The powers of the factor and of its inverse, for at least n bytes; long ones are not kept."""
    return _known if n <= len(_known[0]) else _powers(n)
