"""Settings: defaults, under the file `promptbits.toml`, under what the client or the user sets.

Every setting may be missing or of the wrong type; it then falls back, and one warning says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any, Final, Literal, cast

JsonMode = Literal["full", "semantic"]

FILE_NAME: Final = "promptbits.toml"
LEVELS: Final = ("error", "warning", "information", "hint", "off")

# Sections whose content later parts of the product define; they are read there.
_SECTIONS: Final = ("facts", "llm", "optimize")
# A cloned repository must not redirect keys or run programs: these are read from the user's own settings only.
_USER_ONLY: Final = {
    "llm": ("endpoint", "url", "base_url", "key", "api_key", "key_env", "api_key_env", "headers", "command"),
    "facts": ("path", "url", "command"),
    "optimize": ("interpreter", "command", "model_path"),
}
_USER_ONLY_TOP: Final = ("interpreter", "command", "path", "endpoint")


@dataclass(frozen=True)
class Override:
    """Levels of checks for the files that match one of the patterns (as in .gitignore, relative to the root)."""

    files: tuple[str, ...]
    checks: Mapping[str, str]

    @cached_property
    def _spec(self) -> Any:
        import pathspec  # only where a project has overrides

        return pathspec.GitIgnoreSpec.from_lines(self.files)

    def matches(self, relative: PurePath) -> bool:
        """Whether a path relative to the root is one of the files."""
        return self._spec.match_file(relative.as_posix())


@dataclass(frozen=True)
class Settings:
    """What a project and its user have chosen. Frozen: a change gives new settings."""

    roots: tuple[str, ...] = ("prompts",)
    json: JsonMode = "full"
    checks: Mapping[str, str] = field(default_factory=dict[str, str])
    overrides: tuple[Override, ...] = ()
    max_items: int = 5000

    def level(self, code: str, relative: PurePath | None) -> str | None:
        """The level set for a check in a file, or None where its own default holds. The last match wins."""
        level = self.checks.get(code)
        if relative is not None:
            for override in self.overrides:
                if code in override.checks and override.matches(relative):
                    level = override.checks[code]
        return level


@dataclass
class _Reader:
    """Reads one layer of settings, with its name for the warnings."""

    origin: str
    trusted: bool
    known_checks: frozenset[str]
    warnings: list[str] = field(default_factory=list[str])

    def warn(self, key: str, problem: str) -> None:
        self.warnings.append(f"{self.origin}: {key}: {problem}")

    def strings(self, key: str, value: Any) -> tuple[str, ...] | None:
        items: list[Any] = cast("list[Any]", value) if isinstance(value, list) else []
        if not items or not all(isinstance(item, str) and item for item in items):
            self.warn(key, "expected a list of strings; ignored")
            return None
        return tuple(cast("list[str]", items))

    def patterns(self, key: str, value: Any) -> tuple[str, ...]:
        found = self.strings(key, value) or ()
        bad = [pattern for pattern in found if not _is_pattern(pattern)]
        if bad:
            self.warn(key, f"{', '.join(map(repr, bad))}: not a pattern as in .gitignore; ignored")
        return tuple(pattern for pattern in found if pattern not in bad)

    def roots(self, value: Any) -> tuple[str, ...] | None:
        names = self.strings("roots", value)
        if names is None or self.trusted:
            return names
        inside = tuple(name for name in names if _is_inside(name))
        for name in names:
            if name not in inside:
                self.warn("roots", f"{name!r} lies outside the root; ignored (set it in your own settings)")
        return inside or None

    def table(self, value: Any) -> Any:
        """A value that should be a table: a client in Lua, as Neovim, writes an empty one as an empty list."""
        return {} if self.trusted and value == [] else value

    def levels(self, key: str, value: Any) -> dict[str, str]:
        value = self.table(value)
        if not isinstance(value, dict):
            self.warn(key, 'expected a table such as {"id-file-name" = "off"}; ignored')
            return {}
        levels: dict[str, str] = {}
        for code, level in cast("dict[str, Any]", value).items():
            if code not in self.known_checks:
                self.warn(f"{key}.{code}", f"there is no check of that name{_meant(code, self.known_checks)}; ignored")
            elif level not in LEVELS:
                self.warn(f"{key}.{code}", f"expected one of {', '.join(LEVELS)}; ignored")
            else:
                levels[code] = level
        return levels

    def overrides(self, value: Any) -> tuple[Override, ...]:
        if not isinstance(value, list):
            self.warn("overrides", "expected a list of tables with files and checks; ignored")
            return ()
        found: list[Override] = []
        for index, item in enumerate(cast("list[Any]", value)):
            key = f"overrides[{index}]"
            if not isinstance(item, dict):
                self.warn(key, "expected a table with files and checks; ignored")
                continue
            table = cast("dict[str, Any]", item)
            files = self.patterns(f"{key}.files", table.get("files"))
            checks = self.levels(f"{key}.checks", table.get("checks"))
            if files and checks:
                found.append(Override(files, checks))
        return tuple(found)

    def read(self, table: Mapping[str, Any], below: Settings) -> Settings:
        """The settings of this layer over those below."""
        roots, mode, checks, overrides, max_items = (
            below.roots,
            below.json,
            dict(below.checks),
            below.overrides,
            below.max_items,
        )
        for key, value in table.items():
            match key:
                case "roots":
                    roots = self.roots(value) or roots
                case "json":
                    if value in ("full", "semantic"):
                        mode = value
                    else:
                        self.warn("json", 'expected "full" or "semantic"; ignored')
                case "checks":
                    checks |= self.levels("checks", value)
                case "overrides":
                    overrides += self.overrides(value)
                case "max_items" | "maxItems":
                    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                        max_items = value
                    else:
                        self.warn(key, "expected a whole number above 0; ignored")
                case _:
                    self.other(key, value)
        return Settings(roots, mode, checks, overrides, max_items)

    def other(self, key: str, value: Any) -> None:
        """Sections that later parts read, keys that only a user may set, and mistakes."""
        if key in _USER_ONLY_TOP and not self.trusted:
            self.warn(key, "is read from your own settings or the environment only; ignored here")
        elif key in _SECTIONS:
            value = self.table(value)
            if not isinstance(value, dict):
                self.warn(key, "expected a table; ignored")
            elif not self.trusted:
                for name in cast("dict[str, Any]", value):
                    if name in _USER_ONLY[key]:
                        self.warn(
                            f"{key}.{name}", "is read from your own settings or the environment only; ignored here"
                        )
        elif not self.trusted:
            known = ("roots", "json", "checks", "overrides", "max_items", *_SECTIONS)
            self.warn(key, f"there is no setting of that name{_meant(key, known)}; ignored")


def combine(
    file: Mapping[str, Any] | None,
    client: object,
    known_checks: Iterable[str],
) -> tuple[Settings, list[str]]:
    """Settings from `promptbits.toml` and from the client, and a warning for each thing that was ignored.

    Args:
        file: the parsed file, or None.
        client: the client's section as it came: anything, None and wrong types included.
        known_checks: the names that checks have.
    """
    codes = frozenset(known_checks)
    settings, warnings = Settings(), list[str]()
    if file:
        reader = _Reader(FILE_NAME, trusted=False, known_checks=codes)
        settings = reader.read(file, settings)
        warnings += reader.warnings
    reader = _Reader("settings", trusted=True, known_checks=codes)
    client = reader.table(client)
    if isinstance(client, dict):
        settings = reader.read(cast("dict[str, Any]", client), settings)
        warnings += reader.warnings
    elif client is not None:
        warnings.append("settings: expected a table of settings; ignored")
    return settings, warnings


def read_file(root: Path) -> tuple[dict[str, Any], list[str]]:
    """The contents of a root's `promptbits.toml`, and what is wrong with the file."""
    path = root / FILE_NAME
    try:
        text = path.read_bytes().decode("utf-8-sig")
        import tomllib  # 4 ms, only where there is such a file

        return tomllib.loads(text), []
    except FileNotFoundError:
        return {}, []
    except (OSError, UnicodeDecodeError) as error:
        return {}, [f"{path}: cannot be read ({_reason(error)}); defaults hold"]
    except ValueError as error:  # not TOML, or a number beyond all bounds
        return {}, [f"{path}: {error}; defaults hold"]
    except RecursionError:
        return {}, [f"{path}: nested too deep; defaults hold"]


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "input/output error" if isinstance(error, OSError) else "it is not UTF-8"


def _is_pattern(text: str) -> bool:
    import pathspec  # only where a project has overrides

    try:
        pathspec.GitIgnoreSpec.from_lines([text])
    except (ValueError, re.error):
        return False
    return True


def _is_inside(name: str) -> bool:
    path = PurePath(name)
    return not path.is_absolute() and ".." not in path.parts


def _meant(name: str, known: Iterable[str]) -> str:
    from rapidfuzz import process  # only to word a warning

    best = process.extractOne(name, list(known), score_cutoff=75)
    return f" (did you mean {best[0]!r}?)" if best else ""
