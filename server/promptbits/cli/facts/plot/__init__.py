"""Drawing success rates over time: as SVG, written here, or as PNG with Pillow (the extra `plot`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from promptbits.cli.console import shown_path
from promptbits.cli.errors import CommandError
from promptbits.cli.facts.grouping import Row
from promptbits.cli.facts.plot.chart import chart
from promptbits.cli.facts.plot.scene import Scene, scene
from promptbits.cli.facts.writing import written_whole

FORMATS: Final = (".svg", ".png")


def draw(path: Path, found: Iterable[Row], what: str, first: date | None, last: date) -> list[str]:
    """Draw the success rates of some rows into a file, and say in words what is not in the picture.

    Args:
        path: the file; its ending says which format.
        found: a line for each of these.
        what: what it is about, for the title.
        first: the first day; None for the first that something is known of.
        last: the last day.

    Raises:
        CommandError: Pillow is not installed, and the file is a PNG; or its ending says no format.
        OSError: it cannot be written.
    """
    drawn = chart(found, what, first, last)
    write(path, scene(drawn), drawn.title, drawn.description)
    return drawn.left_out


def write(path: Path, shapes: Scene, title: str, description: str) -> None:
    """Write a picture into a file, in the format that its ending says.

    Raises:
        CommandError: Pillow is not installed, and the file is a PNG; or the ending says no format.
        OSError: it cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise CommandError(f"{shown_path(path)}: name a file that ends in {' or '.join(FORMATS)}")
    if ending == ".svg":
        from promptbits.cli.facts.plot.svg import svg

        data = svg(shapes, title, description).encode("utf-8")
    else:
        from promptbits.cli.facts.plot.png import png

        data = png(shapes)
    with written_whole(path) as file:
        file.write(data)
