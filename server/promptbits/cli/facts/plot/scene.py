"""A picture as shapes with coordinates, which any format can be written from.

The axis of rates always runs from 0 to 100 %. A day of which nothing is known breaks the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, Literal, NamedTuple

from promptbits.cli.facts.plot.chart import Chart, Line, Point

WIDTH: Final = 900
_LEFT, _RIGHT, _TOP, _HEIGHT = 64.0, 20.0, 68.0, 320.0
_BELOW: Final = 46.0
_ROW: Final = 22.0
_MOST_TICKS: Final = 8
_HALF_BAND: Final = 3.0

# Told apart by people who do not see all colours. Source: M. Okabe and K. Ito, "Color Universal Design" (2008).
_COLORS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_INK, _GREY, _GRID = "#222222", "#666666", "#dddddd"

Spot = tuple[float, float]


class Words(NamedTuple):
    """Text with its base line at a spot."""

    at: Spot
    text: str
    size: int
    color: str
    anchor: Literal["start", "middle", "end"] = "start"


class Stroke(NamedTuple):
    """A line through spots."""

    spots: tuple[Spot, ...]
    color: str
    width: float


class Area(NamedTuple):
    """A filled shape, as dense as its opacity."""

    spots: tuple[Spot, ...]
    color: str
    opacity: float


class Dot(NamedTuple):
    """A filled circle."""

    at: Spot
    radius: float
    color: str


Shape = Words | Stroke | Area | Dot


class Scene(NamedTuple):
    """Shapes, those behind others first, and how high the picture is."""

    shapes: tuple[Shape, ...]
    height: int


def scene(chart: Chart) -> Scene:
    """The shapes of a chart."""
    height = _TOP + _HEIGHT + _BELOW + _ROW * max(len(chart.lines), 1) + 10
    shapes: list[Shape] = [
        Words((_LEFT, 26), chart.title, 16, _INK),
        Words((_LEFT, 48), chart.description, 11, _GREY),
        *_axes(chart),
    ]
    colored = [*zip(chart.lines, _COLORS, strict=False)]
    for line, color in colored:
        shapes += _band(chart, line, color)
    for line, color in colored:
        shapes += _points(chart, line, color)
    for index, (line, color) in enumerate(colored):
        y = _TOP + _HEIGHT + _BELOW + _ROW * index + 12
        shapes.append(Area(((_LEFT, y - 10), (_LEFT + 14, y - 10), (_LEFT + 14, y), (_LEFT, y)), color, 1.0))
        shapes.append(Words((_LEFT + 22, y), f"{line.label} ({_conversations(line.conversations)})", 12, _INK))
    if not any(line.points for line in chart.lines):
        middle = (_LEFT + (WIDTH - _LEFT - _RIGHT) / 2, _TOP + _HEIGHT / 2)
        shapes.append(Words(middle, "No outcome is known in these days", 14, _GREY, "middle"))
    return Scene(tuple(shapes), round(height))


def _conversations(count: int) -> str:
    return f"{count:,} conversation" + ("" if count == 1 else "s")


def _x(chart: Chart, bin_: int) -> float:
    return _LEFT + (bin_ + 0.5) * (WIDTH - _LEFT - _RIGHT) / chart.bins


def _y(share: float) -> float:
    return _TOP + (1 - share) * _HEIGHT


def _axes(chart: Chart) -> Iterator[Shape]:
    for percent in range(0, 101, 20):
        y = _y(percent / 100)
        yield Stroke(((_LEFT, y), (WIDTH - _RIGHT, y)), _GRID if percent else _GREY, 1)
        yield Words((_LEFT - 8, y + 4), f"{percent} %", 11, _GREY, "end")
    every = -(-chart.bins // _MOST_TICKS)
    bottom = _TOP + _HEIGHT
    for bin_ in range(0, chart.bins, every):
        x = _x(chart, bin_)
        yield Stroke(((x, bottom), (x, bottom + 5)), _GREY, 1)
        day = chart.first + timedelta(days=bin_ * chart.days)
        yield Words((x, bottom + 20), day.isoformat(), 11, _GREY, "middle")


def _runs(points: tuple[Point, ...]) -> Iterator[list[Point]]:
    """Points without a gap between them."""
    run: list[Point] = []
    for point in points:
        if run and point.bin != run[-1].bin + 1:
            yield run
            run = []
        run.append(point)
    if run:
        yield run


def _band(chart: Chart, line: Line, color: str) -> Iterator[Shape]:
    for run in _runs(line.points):
        # The ends are widened, so that a day on its own has a band as well.
        upper = [(_x(chart, point.bin), _y(point.rate.high)) for point in run]
        lower = [(_x(chart, point.bin), _y(point.rate.low)) for point in run]
        for edge in (upper, lower):
            edge.insert(0, (edge[0][0] - _HALF_BAND, edge[0][1]))
            edge.append((edge[-1][0] + _HALF_BAND, edge[-1][1]))
        yield Area((*upper, *reversed(lower)), color, 0.18)


def _points(chart: Chart, line: Line, color: str) -> Iterator[Shape]:
    for run in _runs(line.points):
        spots = tuple((_x(chart, point.bin), _y(point.rate.estimate)) for point in run)
        if len(spots) > 1:
            yield Stroke(spots, color, 2)
        for spot in spots:
            yield Dot(spot, 3, color)
