"""A scene as PNG: drawn by Pillow twice as large as it will be and made smaller, so that edges are smooth."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from promptbits.cli.console import escape
from promptbits.cli.errors import CommandError
from promptbits.cli.facts.plot.scene import WIDTH, Area, Dot, Scene, Shape, Spot, Stroke

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw as Pen

# Pixels for each unit of the scene: while it is drawn, and in the file.
_SCALE: Final = 4
_FINAL: Final = 2
_ANCHORS: Final = {"start": "ls", "middle": "ms", "end": "rs"}


def png(scene: Scene) -> bytes:
    """The picture as a file.

    Raises:
        CommandError: Pillow is not installed.
    """
    try:
        from PIL import Image, ImageDraw
    except ImportError:
        raise CommandError(
            "drawing a .png needs Pillow: run `pip install 'promptbits[plot]'`, or name a file that ends in .svg"
        ) from None
    picture = Image.new("RGBA", (WIDTH * _SCALE, scene.height * _SCALE), "white")
    for shape in scene.shapes:
        if isinstance(shape, Area) and shape.opacity < 1:
            _lay_over(picture, shape)
        else:
            _draw(ImageDraw.Draw(picture), shape)
    small = picture.convert("RGB").reduce(_SCALE // _FINAL)
    file = BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def _lay_over(picture: Picture, area: Area) -> None:
    """Draw what lets show through what lies behind it."""
    from PIL import Image, ImageColor, ImageDraw

    spots = [_scaled(spot) for spot in area.spots]
    left, top = (int(min(spot[axis] for spot in spots)) for axis in (0, 1))
    right, bottom = (int(max(spot[axis] for spot in spots)) + 1 for axis in (0, 1))
    layer = Image.new("RGBA", (right - left, bottom - top))
    color = (*ImageColor.getrgb(area.color)[:3], round(255 * area.opacity))
    ImageDraw.Draw(layer).polygon([(x - left, y - top) for x, y in spots], fill=color)
    picture.alpha_composite(layer, (left, top))


def _draw(pen: Pen, shape: Shape) -> None:
    from PIL import ImageFont

    if isinstance(shape, Stroke):
        pen.line([_scaled(spot) for spot in shape.spots], fill=shape.color, width=round(shape.width * _SCALE))
    elif isinstance(shape, Area):
        pen.polygon([_scaled(spot) for spot in shape.spots], fill=shape.color)
    elif isinstance(shape, Dot):
        pen.circle(_scaled(shape.at), shape.radius * _SCALE, fill=shape.color)
    else:
        font = ImageFont.load_default(shape.size * _SCALE)
        pen.text(_scaled(shape.at), escape(shape.text), fill=shape.color, font=font, anchor=_ANCHORS[shape.anchor])


def _scaled(spot: Spot) -> Spot:
    return spot[0] * _SCALE, spot[1] * _SCALE
