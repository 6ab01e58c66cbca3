"""How findings are printed: for people, for SARIF readers, for GitHub."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from cli_workspace import Run, prompt, write
from hypothesis import given
from hypothesis import strategies as st

from promptbits.cli.console import Style, escape, escape_lines
from promptbits.cli.report_text import excerpt


def run_of(log: dict) -> dict:
    assert log["version"] == "2.1.0"
    assert len(log["runs"]) == 1
    return log["runs"][0]


def test_sarif_names_rules_results_and_places(root: Path, run: Run) -> None:
    text = '{"description": "😀😀", "id": "other"}'
    write(root / "prompts/ü z.json", text)
    result = run("check", "--format", "sarif")
    assert result.code == 1
    log = run_of(json.loads(result.out))
    rules = log["tool"]["driver"]["rules"]
    assert log["tool"]["driver"]["name"] == "promptbits"
    assert log["columnKind"] == "utf16CodeUnits"
    assert log["invocations"] == [{"executionSuccessful": True}]
    for each in log["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]
        assert each["level"] in ("error", "warning", "note")
        assert each["message"]["text"]
        location = each["locations"][0]["physicalLocation"]
        assert location["artifactLocation"]["uri"].isascii()
        assert unquote(location["artifactLocation"]["uri"]) == "prompts/ü z.json"
    region = next(
        each["locations"][0]["physicalLocation"]["region"]
        for each in log["results"]
        if each["ruleId"] == "id-file-name"
    )
    # Two emoji before it: four UTF-16 code units, two code points.
    assert region["startColumn"] == text.index('"other"') + 1 + 2
    assert region["endColumn"] == region["startColumn"] + len('"other"')


def test_sarif_carries_fixes_and_related_places(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("one", parent="two"))
    write(root / "prompts/two.json", prompt("two", parent="one"))
    write(root / "prompts/three.json", prompt("drei"))
    results = run_of(json.loads(run("check", "--format", "sarif").out))["results"]
    cycle = next(each for each in results if each["ruleId"] == "lineage-cycle")
    assert cycle["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "prompts/two.json"
    fix = next(each for each in results if each["ruleId"] == "id-file-name")["fixes"][0]
    change = fix["artifactChanges"][0]
    assert change["artifactLocation"]["uri"] == "prompts/three.json"
    assert change["replacements"][0]["insertedContent"] == {"text": '"three"'}


def test_sarif_tells_what_could_not_be_read(root: Path, run: Run) -> None:
    (root / "prompts").mkdir()
    (root / "prompts/gone.json").symlink_to("nowhere")
    result = run("check", "--format", "sarif")
    assert result.code == 2
    invocation = run_of(json.loads(result.out))["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "cannot be read: the link leads to nothing"
    place = invocation["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "prompts/gone.json"


def test_github_annotations_escape_what_would_end_them(root: Path, run: Run) -> None:
    write(root / "prompts/50%,a:b.json", prompt("one"))
    result = run("check", "--format", "github")
    assert result.code == 1
    assert re.fullmatch(
        r"::warning file=prompts/50%25%2Ca%3Ab\.json,line=2,endLine=2,col=9,endColumn=14,"
        r"title=promptbits%3A id-file-name::[^\n]+\n",
        result.out,
    )


@pytest.mark.parametrize(("severity", "level"), [("information", "notice"), ("hint", "notice"), ("error", "error")])
def test_github_levels(root: Path, run: Run, severity: str, level: str) -> None:
    write(root / "promptbits.toml", f'[checks]\nid-file-name = "{severity}"\n')
    write(root / "prompts/one.json", prompt("other"))
    assert run("check", "--format", "github").out.startswith(f"::{level} ")


def test_github_prints_nothing_where_nothing_is_wrong(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("one"))
    assert run("check", "--format", "github") == (0, "", "")


def test_a_long_line_is_cut_around_the_finding(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    content = "lorem ipsum " * 500 + "<<undeclared>>" + " dolor sit" * 500
    write(root / "prompts/one.json", prompt("one", content=content, variables={}))
    block = run("check").out.split("\n\n")[0].splitlines()
    assert all(len(line) <= 70 for line in block[1:3])
    assert "…" in block[1]
    start = block[2].index("^")
    assert block[1][start : block[2].rindex("^") + 1] == "<<undeclared>>"


def test_places_in_other_files_are_shown_with_their_line(root: Path, run: Run) -> None:
    write(root / "prompts/a/one.json", prompt("one"))
    write(root / "prompts/b/one.json", prompt("one"))
    out = run("check").out
    assert "    = note: the same id is used here: prompts/b/one.json:2:9\n" in out
    assert "Found 2 errors in 2 of 2 files\n" in out


LINES = st.text(st.characters(exclude_characters="\r\n"), max_size=300)


@given(LINES, st.integers(-5, 310), st.integers(0, 310), st.integers(20, 200))
def test_an_excerpt_fits_and_its_carets_stand_under_the_range(line: str, start: int, length: int, columns: int) -> None:
    source, caret = excerpt(line, start, start + length, columns)
    assert escape(source) == source
    assert "^" in caret
    assert set(caret) <= {" ", "^"}
    if line.isascii() and line.isprintable():
        assert len(source) <= columns
        assert len(caret) <= columns + 1  # the place after the last character has a caret, too
        at = min(max(start, 0), len(line))
        marked = source[caret.index("^") : caret.rindex("^") + 1]
        assert line[at:].startswith(marked.rstrip("… "))


@pytest.mark.parametrize(
    ("text", "start", "end", "source", "caret"),
    [
        ("\tab\tc", 1, 3, " ab c", " ^^"),
        ("日本語 x", 4, 5, "日本語 x", "       ^"),
        ("e\u0301x", 2, 3, "e\u0301x", " ^"),
        ("a\u202eb", 1, 2, "a\\u202eb", " ^^^^^^"),
        ("", 0, 0, "", "^"),
        ("abc", 3, 3, "abc", "   ^"),
    ],
)
def test_wide_combining_and_hidden_characters_keep_the_caret_in_place(
    text: str, start: int, end: int, source: str, caret: str
) -> None:
    assert excerpt(text, start, end, 60) == (source, caret)


@given(st.text())
def test_escaped_text_holds_nothing_that_drives_a_terminal(text: str) -> None:
    safe = escape(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", safe)
    assert escape(safe) == safe
    assert escape_lines(text).replace("\n", "").replace("\t", "") == escape(
        text.replace("\r\n", "").replace("\n", "").replace("\t", "")
    )


def test_colours_only_where_they_are_wanted() -> None:
    assert Style(False)("x", "red", "bold") == "x"
    assert Style(True)("x", "red", "bold") == "\x1b[31;1mx\x1b[0m"
