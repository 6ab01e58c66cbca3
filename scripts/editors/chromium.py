"""Chromium without a window, as Debian has it, with fonts: VS Code's workbench is drawn in it."""

from __future__ import annotations

from pathlib import Path

from editors import debian
from editors.place import Editor, ProblemError

PACKAGES = ["chromium-headless-shell", "fonts-dejavu-core"]


def unpack(prefix: Path, work: Path) -> str:
    """Fill the folder; the command is the program, told where fonts are."""
    debian.unpack(prefix, work, "trixie", PACKAGES)
    program = next((prefix / "usr/lib/chromium").glob("*headless*shell"), None)
    if program is None:
        raise ProblemError("its package holds no program")
    debian.make_runnable(program, prefix, work)
    fonts = prefix / "fonts.conf"
    fonts.write_text(FONTS.format(prefix=prefix), "utf-8")
    libraries = debian.library_folder(prefix)
    # One of its libraries looks for the next in a folder of the system.
    return f"""export FONTCONFIG_FILE='{fonts}' LD_LIBRARY_PATH='{libraries}:{libraries}/pulseaudio'
exec '{program}' "$@\""""


FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{prefix}/usr/share/fonts</dir>
  <cachedir>{prefix}/fontcache</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""

CHROMIUM = Editor("chromium", "chromium", r".*\d+\.\d+", unpack)
