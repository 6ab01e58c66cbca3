"""Put screenshots into a folder, made smaller: 256 colours are all that a theme and its letters need.

    python scripts/shrink_pictures.py FOLDER FILE.png ...

`make pictures` does it with those of the documentation.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

COLOURS = 256


def main(folder: Path, names: list[str]) -> None:
    """Write each picture into the folder, and say how large it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        with Image.open(name) as image:
            # Of the ways that Pillow has, this one keeps the plain areas as well as the colours of few letters.
            way, rounds = Image.Quantize.MAXCOVERAGE, 2
            small = image.convert("RGB").quantize(COLOURS, way, kmeans=rounds, dither=Image.Dither.NONE)
        path = folder / Path(name).name
        small.save(path, optimize=True)
        print(f"{path.name}: {small.width} x {small.height}, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
