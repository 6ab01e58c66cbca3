"""Helix, as Debian has it."""

from __future__ import annotations

from pathlib import Path

from editors import debian
from editors.place import Editor, ProblemError


def unpack(prefix: Path, work: Path) -> str:
    """Fill the folder; the command is the program, told where its grammars are."""
    debian.unpack(prefix, work, "trixie", ["hx"])
    program = next((each for each in prefix.rglob("hx") if each.is_file() and each.stat().st_mode & 0o100), None)
    runtime = next((each for each in prefix.rglob("hx/runtime") if each.is_dir()), None)
    if program is None or runtime is None:
        raise ProblemError("its package holds no program or no runtime")
    debian.make_runnable(program, prefix, work)
    return f"""export HELIX_RUNTIME='{runtime}'
exec '{program}' "$@\""""


HELIX = Editor("helix", "hx", r"helix \d", unpack)
