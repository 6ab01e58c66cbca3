"""What the documentation says works."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from promptbits.checks.catalogue import CHECKS
from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.cli import COMMANDS
from promptbits.prompts.library import shipped_library
from promptbits.prompts.settings import combine
from promptbits.text.document import Document

TOP = Path(__file__).resolve().parents[2]
PAGES = [
    *(TOP / name for name in ("README.md", "CONTRIBUTING.md", "vscode-extension/README.md")),
    *sorted((TOP / "docs").glob("*.md")),
]
PICTURE_BYTES = 150_000
_BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in _BLOCK.findall(page.read_text("utf-8")) if kind == language]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_exists(page):
    for text in blocks(page, "console") + blocks(page, "yaml"):
        for command in re.findall(r"(?:^\$ |run: )promptbits ([a-z-]+)", text, re.MULTILINE):
            assert command in COMMANDS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_is_shown_exists(page):
    makefile = (TOP / "Makefile").read_text("utf-8")
    for text in blocks(page, "console"):
        for target in re.findall(r"^\$ make ([a-z-]+)", text, re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists()


def test_the_settings_that_are_shown_are_valid():
    tables = [tomllib.loads(text) for text in blocks(TOP / "docs/configuration.md", "toml")]
    assert tables
    for table in tables:
        assert combine(table, None, CHECKS)[1] == []
    (client,) = [json.loads(text) for text in blocks(TOP / "docs/configuration.md", "json")]
    settings, warnings = combine(None, client["promptbits"], CHECKS)
    assert (settings.json, settings.max_items, warnings) == ("semantic", 1000, [])


@pytest.mark.parametrize("page", [TOP / "README.md", TOP / "docs/prompts.md"], ids=lambda page: page.name)
def test_the_prompts_that_are_shown_are_fine(page):
    shown = [text for text in blocks(page, "json") if '"content"' in text]
    assert shown
    for text in shown:
        path = TOP / f"{json.loads(text)['id']}.json"
        assert check(Snapshot(Document.from_text(text), path, None, shipped_library())) == []


def test_editor_settings_parse():
    tables = [tomllib.loads(text) for text in blocks(TOP / "docs/editors.md", "toml")]
    assert tables[0]["language-server"]["promptbits"]["args"] == ["lsp", "--stdio"]


def test_the_changelog_knows_the_number_of_checks_and_prompts():
    text = (TOP / "CHANGELOG.md").read_text("utf-8")
    assert f"{len(CHECKS)} checks" in text
    assert len(list((TOP / "prompts/builtin").glob("*.json"))) == 60


def test_the_picture_of_the_terminal_shows_a_check():
    shown = re.sub(r"<[^>]*>", "", (TOP / "docs/demo.svg").read_text("utf-8")).replace("&#160;", " ")
    assert re.search(r"Found \d+ error", shown)
    assert "unexpected" not in shown


def test_pictures_are_small():
    pictures = list((TOP / "docs/pictures").glob("*.png"))
    assert {each.stem for each in pictures} == {"editor", "content", "statistics"}
    assert all(each.stat().st_size < PICTURE_BYTES for each in pictures)
