"""A picture of predictions: each as a dot, what was predicted to the right and what was measured upwards.

On the diagonal the two are the same. Each dot has both of its intervals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from promptbits.cli.facts.plot.scene import WIDTH, Dot, Scene, Shape, Stroke, Words

if TYPE_CHECKING:
    from promptbits.optimize.training.calibration import Compared

TITLE: Final = "Predicted and measured success rates"
DESCRIPTION: Final = (
    "A dot for each proposal that was measured since, with both 95 % intervals; on the diagonal they agree."
)
_LEFT, _TOP, _SIDE, _BELOW = 180.0, 68.0, 520.0, 70.0
_STARTS: Final = (_LEFT, _LEFT + 230, _LEFT + 340)
_INK, _GREY, _GRID = "#222222", "#666666", "#dddddd"
_COLORS: Final = {"yes": "#0072b2", "no": "#d55e00", "cannot tell": "#999999"}
_LEGEND: Final = {"yes": "inside the predicted interval", "no": "outside", "cannot tell": "cannot tell yet"}


def scene(rows: Sequence[Compared]) -> Scene:
    """The shapes of the picture."""
    shapes: list[Shape] = [Words((_LEFT, 26), TITLE, 16, _INK), Words((_LEFT, 48), DESCRIPTION, 11, _GREY), *_axes()]
    for row in rows:
        color = _COLORS[row.inside]
        x, y = _x(row.predicted.estimate), _y(row.measured.estimate)
        shapes.append(Stroke(((_x(row.predicted.low), y), (_x(row.predicted.high), y)), color, 1.5))
        shapes.append(Stroke(((x, _y(row.measured.low)), (x, _y(row.measured.high))), color, 1.5))
    shapes += [Dot((_x(row.predicted.estimate), _y(row.measured.estimate)), 4, _COLORS[row.inside]) for row in rows]
    if not rows:
        shapes.append(Words((_x(0.5), _y(0.25)), "Nothing to compare yet", 14, _GREY, "middle"))
    for left, (inside, words) in zip(_STARTS, _LEGEND.items(), strict=True):
        count = sum(row.inside == inside for row in rows)
        shapes.append(Dot((left + 5, _TOP + _SIDE + 58), 5, _COLORS[inside]))
        shapes.append(Words((left + 16, _TOP + _SIDE + 62), f"{words} ({count})", 12, _INK))
    assert WIDTH >= _LEFT + _SIDE
    return Scene(tuple(shapes), round(_TOP + _SIDE + _BELOW + 10))


def _x(share: float) -> float:
    return _LEFT + share * _SIDE


def _y(share: float) -> float:
    return _TOP + (1 - share) * _SIDE


def _axes() -> Iterator[Shape]:
    for percent in range(0, 101, 20):
        share = percent / 100
        color = _GRID if percent else _GREY
        yield Stroke(((_x(0), _y(share)), (_x(1), _y(share))), color, 1)
        yield Stroke(((_x(share), _y(0)), (_x(share), _y(1))), color, 1)
        yield Words((_x(0) - 8, _y(share) + 4), f"{percent} %", 11, _GREY, "end")
        yield Words((_x(share), _y(0) + 18), f"{percent} %", 11, _GREY, "middle")
    yield Stroke(((_x(0), _y(0)), (_x(1), _y(1))), _GREY, 1)
    yield Words((_x(0.5), _y(0) + 38), "predicted", 12, _INK, "middle")
    yield Words((_x(0) - 60, _y(0.5)), "measured", 12, _INK, "end")
