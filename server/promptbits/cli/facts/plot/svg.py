"""A scene as SVG."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from promptbits.cli.console import escape
from promptbits.cli.facts.plot.scene import WIDTH, Area, Dot, Scene, Shape, Spot, Stroke

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def svg(scene: Scene, title: str, description: str) -> str:
    """The picture as a document of its own, with its title and description for those who do not see it."""
    body = "\n".join(_element(shape) for shape in scene.shapes)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {scene.height}" width="{WIDTH}" height="{scene.height}" \
role="img" font-family="system-ui, sans-serif">
<title>{_text(title)}</title>
<desc>{_text(description)}</desc>
<rect width="100%" height="100%" fill="white"/>
{body}
</svg>
"""


def _element(shape: Shape) -> str:
    if isinstance(shape, Stroke):
        width = f'stroke-width="{shape.width:g}"'
        return f'<polyline points="{_spots(shape.spots)}" fill="none" stroke="{shape.color}" {width}/>'
    if isinstance(shape, Area):
        return f'<polygon points="{_spots(shape.spots)}" fill="{shape.color}" fill-opacity="{shape.opacity:g}"/>'
    x, y = shape.at
    if isinstance(shape, Dot):
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{shape.radius:g}" fill="{shape.color}"/>'
    style = f'font-size="{shape.size}" fill="{shape.color}" text-anchor="{shape.anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{_text(shape.text)}</text>'


def _spots(spots: Iterable[Spot]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)


def _text(text: str) -> str:
    """Text for XML, which holds no control characters."""
    return "".join(_ENTITIES.get(char, char) for char in escape(text))
