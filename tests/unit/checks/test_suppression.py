"""Turning a check off for a file: the edited settings really do it, and for that file only."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptbits.checks.catalogue import CHECKS
from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.suppression import turn_off
from promptbits.prompts.root import Root
from promptbits.prompts.settings import combine
from promptbits.text.document import Document

ROOT = Path("/project")
BROKEN = Document.from_text(
    '{"id": "other", "trigger": {"Language": "C"}, "category": "Commands", '
    '"content": "x", "confidence": 1, "source": "Custom"}'
)


def snapshot(path: Path, settings_text: str = "") -> Snapshot:
    settings, warnings = combine(tomllib.loads(settings_text), None, CHECKS)
    assert warnings == []
    return Snapshot(BROKEN, path, Root(ROOT, settings))


def codes(path: Path, settings_text: str) -> list[str]:
    return [finding.code for finding in check(snapshot(path, settings_text))]


@pytest.mark.parametrize(
    "before",
    [
        "",
        'roots = ["prompts"]',
        '[checks]\nempty-content = "off"\n',
        '[[overrides]]\nfiles = ["a/**"]\nchecks = { id-file-name = "error" }\n',
        '[[overrides]]\nfiles = ["prompts/custom/*.json"]\nchecks = { id-file-name = "error" }\n',
    ],
)
def test_the_check_is_off_for_the_file_and_on_for_its_neighbour(before: str) -> None:
    path = ROOT / "prompts/custom/hello.json"
    assert codes(path, before) == ["id-file-name"]
    found = turn_off(snapshot(path, before), "id-file-name", before)
    assert found is not None
    assert found.path == ROOT / "promptbits.toml"
    assert found.title == "Turn off id-file-name for hello.json"
    after = before[: found.edit.start] + found.edit.new + before[found.edit.end :]
    assert after.startswith(before)
    assert codes(path, after) == []
    assert codes(ROOT / "prompts/custom/hello-2.json", after) == ["id-file-name"]


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_any_file_name_can_be_named(name: str) -> None:
    path = ROOT / "prompts" / "custom" / f"x{name}.json"
    found = turn_off(snapshot(path), "id-file-name", "")
    if found is None:
        # Line ends and blanks at odd places cannot be spelled in a pattern: then no fix is offered.
        assert not name.isprintable() or name != name.strip()
    else:
        assert codes(path, found.edit.new) == []


def test_settings_that_cannot_be_added_to_are_left_alone() -> None:
    path = ROOT / "prompts/custom/hello.json"
    inline = 'overrides = [{ files = ["a"], checks = { id-file-name = "off" } }]\n'
    assert turn_off(snapshot(path, inline), "id-file-name", inline) is None
    assert turn_off(snapshot(path), "id-file-name", "roots = [") is None


def test_a_file_outside_of_the_root_has_no_settings() -> None:
    assert turn_off(snapshot(Path("/elsewhere/x.prompt.json")), "id-file-name", "") is None
    assert turn_off(Snapshot(BROKEN), "id-file-name", "") is None
