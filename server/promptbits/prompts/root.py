"""The root of a file or process, and which layer of it a file lies in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from promptbits.prompts.settings import FILE_NAME, Settings, combine, read_file

Layer = Literal["custom", "learned", "builtin", "shipped"]

# What wins over what, best first.
LAYERS: Final[tuple[Layer, ...]] = ("custom", "learned", "builtin", "shipped")

STATE_FOLDER: Final = ".promptbits"

_SCHEMA_KEY = re.compile(r'"\$schema"[ \t\r\n]*:[ \t\r\n]*"[^"\r\n]*promptbit\.schema\.json"')


@dataclass(frozen=True)
class Root:
    """A root folder with its settings; `warnings` say what was wrong with them."""

    path: Path
    settings: Settings = field(default_factory=Settings)
    warnings: tuple[str, ...] = ()

    def prompt_folders(self) -> list[Path]:
        """The folders that prompts lie in, whether they exist or not."""
        return [self.path / name for name in self.settings.roots]

    def layer(self, path: Path | str) -> Layer | None:
        """The layer that a file lies in, or None outside of every prompt folder."""
        text = str(path)
        for folder, builtin, learned in self._prefixes:
            if text.startswith(folder):
                if text.startswith(builtin):
                    return "builtin"
                return "learned" if text.startswith(learned) else "custom"
        return None

    def inside(self, path: Path) -> str | None:
        """The path relative to the prompt folder that it lies in, or None outside of every one."""
        text = str(path)
        return next((text[len(folder) :] for folder, _, _ in self._prefixes if text.startswith(folder)), None)

    @cached_property
    def _prefixes(self) -> list[tuple[str, str, str]]:
        # Strings, because this is asked of every file: comparing the parts of paths costs ten times as much.
        return [
            (f"{folder}{os.sep}", f"{folder / 'builtin'}{os.sep}", f"{folder / 'learned'}{os.sep}")
            for folder in self.prompt_folders()
        ]

    def relative(self, path: Path) -> Path | None:
        """The path relative to the root, or None outside of it."""
        return path.relative_to(self.path) if path.is_relative_to(self.path) else None


def find_root(start: Path, fallback: Path) -> Path:
    """The root for a file or folder.

    That is the environment's PROMPTBITS_ROOT, else the nearest folder from `start` upwards that holds
    `promptbits.toml` or `.promptbits/`, else `fallback` (the workspace folder or the working directory).
    """
    chosen = os.environ.get("PROMPTBITS_ROOT")
    if chosen:
        return Path(chosen).absolute()
    for folder in (start, *start.parents):
        try:
            if (folder / FILE_NAME).is_file() or (folder / STATE_FOLDER).is_dir():
                return folder
        except OSError:
            continue  # a folder without access, or a name too long to be one
    return fallback


def load_root(path: Path, known_checks: Iterable[str], client: object = None) -> Root:
    """A root with its settings read from `promptbits.toml` under those of the client."""
    table, problems = read_file(path)
    settings, warnings = combine(table, client, known_checks)
    return Root(path, settings, tuple(problems + warnings))


def stem(path: Path) -> str:
    """The id that a file's name stands for: the name without `.prompt.json` or `.json`."""
    name = path.name
    for ending in (".prompt.json", ".json"):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def names_a_prompt(path: Path) -> bool:
    """Whether a file's name alone makes it ours, wherever it lies."""
    return path.name.lower().endswith(".prompt.json")


def claims_schema(text: str) -> bool:
    """Whether a text names our schema, which makes it ours wherever it lies."""
    return "promptbit.schema.json" in text and _SCHEMA_KEY.search(text) is not None
