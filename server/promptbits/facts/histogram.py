"""Latencies in buckets that can be added up, good to 5 % at any quantile.

The bucket of a value v is ceil(log v / log 1.1); every value in it is reported as one that is at most 4.77 % away
(Masson, Rim and Lee, "DDSketch", VLDB 2019, with a relative accuracy of 1/21).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

_GAMMA: Final = 1.1
_LOG_GAMMA: Final = math.log(_GAMMA)
# In milliseconds. What is shorter or longer counts as this: ten nanoseconds, and more than a month.
_SHORTEST: Final = 1e-5
_LONGEST: Final = 1e10


def bucket_of(milliseconds: float) -> int:
    """The bucket of a duration."""
    value = min(max(milliseconds, _SHORTEST), _LONGEST)
    return math.ceil(math.log(value) / _LOG_GAMMA)


def value_of(bucket: int) -> float:
    """The duration, in milliseconds, that stands for a bucket."""
    return 2 * _GAMMA**bucket / (_GAMMA + 1)


def merged(counts: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """Several histograms as one."""
    total: dict[int, int] = {}
    for each in counts:
        for bucket, count in each.items():
            total[bucket] = total.get(bucket, 0) + count
    return total


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """The duration that this share of the values does not exceed (nearest rank); None of nothing.

    Args:
        counts: values by bucket.
        share: 0 to 1.
    """
    rank = math.ceil(share * sum(counts.values()))
    seen = 0
    for bucket in sorted(counts):
        seen += counts[bucket]
        if seen >= max(rank, 1) and counts[bucket] > 0:
            return value_of(bucket)
    return None
