"""The schema of the settings and the reader of the settings know the same, and the schema is up to date."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from promptbits.checks.catalogue import CHECKS
from promptbits.prompts.settings import LEVELS, Settings, combine

PROJECT = Path(__file__).parents[3]
SCHEMA: dict[str, Any] = json.loads((PROJECT / "schemas" / "settings.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


def test_every_check_is_in_it_with_its_level():
    levels = SCHEMA["$defs"]["levels"]["properties"]
    described = {name: f"{check.summary} (default: {check.severity})" for name, check in CHECKS.items()}
    assert {name: each["description"] for name, each in levels.items()} == described, "run make schemas"
    assert tuple(SCHEMA["$defs"]["level"]["enum"]) == LEVELS


def test_its_defaults_are_those_of_the_reader():
    defaults = {name: each["default"] for name, each in SCHEMA["properties"].items()}
    settings = Settings()
    assert defaults == {
        "roots": list(settings.roots),
        "json": settings.json,
        "checks": dict(settings.checks),
        "overrides": list(settings.overrides),
        "max_items": settings.max_items,
        "facts": {},
    }


@pytest.mark.parametrize(
    "text",
    [
        'roots = ["prompts", "more"]\njson = "semantic"\nmax_items = 10',
        'checks = { duplicate-trigger = "off" }',
        '[[overrides]]\nfiles = ["a/**"]\nchecks = { id-file-name = "off" }',
        "[facts]\nkeep_text = true",
        "",
    ],
)
def test_what_the_reader_takes_is_valid(text: str):
    file = tomllib.loads(text)
    assert combine(file, None, CHECKS)[1] == []
    assert VALIDATOR.is_valid(file)


@pytest.mark.parametrize(
    "text",
    [
        "roots = []",
        'roots = "prompts"',
        'json = "none"',
        "max_items = 0",
        'checks = { no-such-check = "off" }',
        'checks = { duplicate-trigger = "loud" }',
        'overrides = "x"',
        "no_such_setting = 1",
    ],
)
def test_what_the_reader_warns_of_is_not(text: str):
    file = tomllib.loads(text)
    assert combine(file, None, CHECKS)[1] != []
    assert not VALIDATOR.is_valid(file)


def test_every_setting_of_editors_is_read_by_the_server():
    names = [each.get("x-editor", name) for name, each in SCHEMA["properties"].items()]
    for name in [name for name in names if name]:
        _, warnings = combine(None, {name: 3.5}, CHECKS)
        assert warnings != [], f"the server does not look at {name}"
