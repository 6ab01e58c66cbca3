"""Test files whose libraries cannot be installed on a platform are left out, with one line that names each library.

With CI=true nothing is left out: a library that is not there is a failure.
"""

import os
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

MISSING = [
    name for name in ("hypothesis", "jsonschema", "markdown_it", "pytest_lsp", "hatchling") if find_spec(name) is None
]


def needs(text: str, missing: list[str]) -> bool:
    """Whether a test file imports one of these libraries, or runs it as a module."""
    return any(re.search(rf'^(?:import|from) {name}\b|"-m", "{name}"', text, re.MULTILINE) for name in missing)


def pytest_configure() -> None:
    if MISSING and os.environ.get("CI") == "true":
        raise pytest.UsageError(f"not installed: {', '.join(MISSING)}")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    if MISSING and collection_path.suffix == ".py" and needs(collection_path.read_text("utf-8"), MISSING):
        return True
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in MISSING:
        terminalreporter.write_line(f"skipped: tests that need {name}, which is not installed on this platform")
