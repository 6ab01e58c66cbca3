"""Figures out of samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which this share of the values lies, interpolated between neighbours."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def ratio(ours: float | None, theirs: float | None) -> float | None:
    """How many times as much ours is; None where that has no meaning."""
    return ours / theirs if ours is not None and theirs else None


@dataclass(frozen=True, slots=True)
class Series:
    """One operation, done many times by one server.

    Attributes:
        samples: wall time of each, in ms.
        cpu: CPU time of the server's processes per operation, in ms; None where the platform does not tell.
    """

    samples: tuple[float, ...]
    cpu: float | None

    @property
    def p50(self) -> float:
        """The median."""
        return percentile(self.samples, 50)

    @property
    def p95(self) -> float:
        """What all but one in twenty stay below."""
        return percentile(self.samples, 95)

    def to_json(self) -> dict[str, Any]:
        """The series as a value for the results file."""
        return {
            "count": len(self.samples),
            "p50_ms": round(self.p50, 3),
            "p95_ms": round(self.p95, 3),
            "cpu_ms": None if self.cpu is None else round(self.cpu, 3),
            "samples_ms": [round(sample, 3) for sample in self.samples],
        }


@dataclass(frozen=True, slots=True)
class Block:
    """Some operations in a row, and what they cost together."""

    samples: tuple[float, ...]
    cpu: float | None


def joined(blocks: Sequence[Block]) -> Series:
    """One series out of the blocks that one server did; CPU is unknown if it is for any of them."""
    samples = tuple(sample for block in blocks for sample in block.samples)
    known = [block.cpu for block in blocks if block.cpu is not None]
    return Series(samples, sum(known) / len(samples) if samples and len(known) == len(blocks) else None)
