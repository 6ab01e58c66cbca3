"""Prompts and files for tests of the command line, and what a run of it gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from promptbits.text.json_string import escape_surrogates


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]


def prompt(id_: str, **fields: Any) -> dict[str, Any]:
    """A prompt that no check complains of."""
    return {
        "id": id_,
        "trigger": {"Custom": id_},
        "category": "BestPractices",
        "content": f"# About {id_}\n",
        "confidence": 0.5,
        "source": "Custom",
    } | fields


def text_of(value: Any) -> str:
    return escape_surrogates(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(value, bytes):
        path.write_bytes(value)
    else:
        path.write_bytes((value if isinstance(value, str) else text_of(value)).encode("utf-8"))
    return path
