"""Our lines in `.gitattributes`: added once, taken out exactly, and nothing else touched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from promptbits.cli import files
from promptbits.prompts.root import Root

FILE_NAME: Final = ".gitattributes"
_ATTRIBUTES: Final = "diff=promptbit merge=promptbit"
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


def lines(root: Root) -> list[str]:
    """One line for each prompt folder of a root, relative to the root."""
    return [f"{_pattern(name)} {_ATTRIBUTES}" for name in root.settings.roots]


def add(path: Path, wanted: list[str]) -> bool:
    """Append the lines that the file lacks; whether there were any."""
    before = _read(path)
    present = {line.strip() for line in _LINE.findall(before or b"")}
    missing = [line for line in (each.encode("utf-8") for each in wanted) if line not in present]
    if not missing:
        return False
    end = b"\r\n" if before and b"\r\n" in before else b"\n"
    text = b"".join(line + end for line in missing)
    if before is None:
        files.create(path, text)
    else:
        gap = b"" if not before or before.endswith(b"\n") else end
        files.replace(path, before + gap + text, expected=before)
    return True


def remove(path: Path, unwanted: list[str]) -> bool:
    """Take the lines out; a file that holds nothing else is removed. Whether there were any."""
    before = _read(path)
    ours = {line.encode("utf-8") for line in unwanted}
    kept = [line for line in _LINE.findall(before or b"") if line.strip() not in ours]
    after = b"".join(kept)
    if before is None or after == before:
        return False
    if after:
        files.replace(path, after, expected=before)
    else:
        path.unlink()
    return True


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _pattern(folder: str) -> str:
    """The pattern of the prompts in a folder, as gitattributes(5) has it."""
    parts = [part for part in folder.replace("\\", "/").split("/") if part not in ("", ".")]
    literal = [re.sub(r"([*?\[\]\\])", r"\\\1", part) for part in parts]
    # A pattern without a folder holds below every folder already; a slash before the first one ties it to this one.
    pattern = "/".join([*literal, "**", "*.json"]) if literal else "*.json"
    if not re.search(r'[\s"]', pattern) and pattern[0] not in "#!":
        return pattern
    quoted = pattern.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'
