"""Where the files lie that ship with the package: schemas and builtin prompts."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_schemas() -> Path:
    """The folder of JSON Schemas: inside an installed package, or at the top of a checkout."""
    return _first(_PACKAGE / "shipped" / "schemas", _PACKAGE.parents[1] / "schemas")


def shipped_prompts() -> Path:
    """The folder of builtin prompts: inside an installed package, or at the top of a checkout."""
    return _first(_PACKAGE / "shipped" / "prompts", _PACKAGE.parents[1] / "prompts" / "builtin")


def _first(installed: Path, checkout: Path) -> Path:
    return installed if installed.is_dir() else checkout
