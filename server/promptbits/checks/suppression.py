"""Turning a check off for one file: the edit of `promptbits.toml` that does it.

JSON has no comments, so a file cannot say for itself which checks it does without.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from promptbits.checks.catalogue import CHECKS
from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Snapshot
from promptbits.prompts.settings import FILE_NAME, combine


@dataclass(frozen=True, slots=True)
class Suppression:
    """An edit of the settings file at `path`, which need not exist yet, and what to call it."""

    title: str
    path: Path
    edit: Edit


def turn_off(snapshot: Snapshot, code: str, settings_text: str) -> Suppression | None:
    """How to turn a check off for the file of a snapshot.

    Args:
        snapshot: the file.
        code: the name of the check.
        settings_text: the text of the root's `promptbits.toml` as it is now, empty where there is none.

    Returns:
        None for a file outside of its root, and where the text is broken or spells its overrides in a way that a
        table at the end cannot add to.
    """
    relative = snapshot.relative_path
    if snapshot.root is None or relative is None or code not in CHECKS:
        return None
    import tomllib  # only once somebody chooses this

    # A leading slash anchors the pattern at the root; what .gitignore takes as a pattern is escaped.
    pattern = "/" + "".join("\\" + char if char in "\\*?[]!# " else char for char in relative.as_posix())
    quoted = _toml_string(pattern)
    gap = "" if not settings_text else "\n" if settings_text.endswith("\n") else "\n\n"
    addition = f'{gap}[[overrides]]\nfiles = [{quoted}]\nchecks = {{ {code} = "off" }}\n'
    try:
        settings, problems = combine(tomllib.loads(settings_text + addition), None, CHECKS)
    except tomllib.TOMLDecodeError:
        return None
    if problems or settings.level(code, relative) != "off":
        return None
    end = len(settings_text)
    title = f"Turn off {code} for {relative.name}"
    return Suppression(title, snapshot.root.path / FILE_NAME, Edit(end, end, addition))


def _toml_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    plain = "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in escaped)
    return f'"{plain}"'
