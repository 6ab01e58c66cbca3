"""Histograms as they lie in the file: the lowest bucket, then a count of 32 bits for each bucket from there on.

Adding one run to a summary, which every execution does, changes four bytes.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Mapping
from typing import Final

_HEAD: Final = 4
_COUNT: Final = 4
_ONE: Final = struct.Struct("<iI")


def packed(counts: Mapping[int, int]) -> bytes | None:
    """The bytes of a histogram; None of an empty one."""
    if not counts:
        return None
    if len(counts) == 1:  # of one execution
        return _ONE.pack(*next(iter(counts.items())))
    lowest, highest = min(counts), max(counts)
    return _layout(highest - lowest + 1).pack(lowest, *[counts.get(bucket, 0) for bucket in range(lowest, highest + 1)])


def unpacked(blob: bytes | None) -> dict[int, int] | None:
    """The histogram in some bytes."""
    if not blob:
        return None
    lowest, *counts = _layout((len(blob) - _HEAD) // _COUNT).unpack(blob)
    return {bucket: count for bucket, count in enumerate(counts, lowest) if count}


def merged_blobs(one: bytes | None, other: bytes | None) -> bytes | None:
    """Two histograms as one, in bytes; called by SQLite."""
    if not one or not other:
        return one or other
    if len(other) == _HEAD + _COUNT:
        lowest = int.from_bytes(one[:_HEAD], "little", signed=True)
        bucket = int.from_bytes(other[:_HEAD], "little", signed=True)
        start = _HEAD + _COUNT * (bucket - lowest)
        if _HEAD <= start < len(one):
            end = start + _COUNT
            count = int.from_bytes(one[start:end], "little") + int.from_bytes(other[_HEAD:], "little")
            return one[:start] + count.to_bytes(_COUNT, "little") + one[end:]
    first, second = unpacked(one) or {}, unpacked(other) or {}
    for bucket, count in second.items():
        first[bucket] = first.get(bucket, 0) + count
    return packed(first)


@functools.lru_cache(maxsize=512)
def _layout(buckets: int) -> struct.Struct:
    return struct.Struct(f"<i{buckets}I")
