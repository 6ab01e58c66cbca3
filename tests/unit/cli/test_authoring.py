"""`init`, `new`, `list` and `show`: from an empty folder to prompts that are clean and found."""

import json
import tomllib
from pathlib import Path

import pytest
from cli_workspace import Run, prompt, write
from hypothesis import given
from hypothesis import strategies as st

from promptbits.checks.catalogue import CHECKS
from promptbits.cli.init import SETTINGS
from promptbits.prompts.drafts import as_text, from_text, kebab_case, template
from promptbits.prompts.formatting import is_canonical
from promptbits.prompts.settings import Settings, combine
from promptbits.text.document import Document


def test_init_leaves_a_folder_that_is_clean(root: Path, run: Run) -> None:
    result = run("init")
    assert result.code == 0
    assert "created promptbits.toml" in result.out
    assert "promptbits check" in result.out
    assert run("check", "--severity", "hint").out == "1 file is fine\n"
    assert run("fmt", "--check").code == 0


def test_init_never_overwrites(root: Path, run: Run) -> None:
    settings = write(root / "promptbits.toml", 'roots = ["texts"]\n')
    mine = write(root / "texts/mine.json", prompt("mine"))
    before = mine.read_bytes()
    result = run("init", "--json")
    assert json.loads(result.out) == {"version": 1, "created": [], "kept": ["promptbits.toml", "texts"]}
    assert settings.read_text() == 'roots = ["texts"]\n'
    assert mine.read_bytes() == before
    assert not (root / "prompts").exists()


def test_init_can_be_run_twice_and_elsewhere(root: Path, run: Run) -> None:
    assert run("init", "sub").code == 0
    again = run("init", "sub")
    assert again.code == 0
    assert "created" not in again.out
    assert (root / "sub/prompts/custom").is_dir()


def test_the_settings_show_the_defaults() -> None:
    assert combine(tomllib.loads(SETTINGS), None, CHECKS) == (Settings(), [])
    lines = [line.removeprefix("# ") for line in SETTINGS.splitlines() if line.startswith(("# roots", "# json"))]
    assert combine(tomllib.loads("\n".join(lines)), None, CHECKS) == (Settings(), [])
    code = "\n".join(line[2:] for line in SETTINGS.splitlines() if "=" in line or line.startswith("# ["))
    settings, warnings = combine(tomllib.loads(code), None, CHECKS)
    assert warnings == []
    assert settings.checks == {"duplicate-trigger": CHECKS["duplicate-trigger"].severity}
    assert settings.overrides[0].matches(Path("prompts/custom/drafts/x.json"))


def test_new_writes_a_prompt_that_is_clean(root: Path, run: Run) -> None:
    result = run("new", "my-own")
    assert result == (0, "created prompts/custom/my-own.json\n", "")
    assert run("check").out == "1 file is fine\n"


def test_new_says_that_it_shadows_what_ships(root: Path, run: Run) -> None:
    result = run("new", "plan-mode")
    assert (result.code, result.out) == (0, "created prompts/custom/plan-mode.json\n")
    assert result.err == "promptbits: plan-mode shadows the prompt of that name that ships with promptbits\n"


def test_new_never_overwrites(root: Path, run: Run) -> None:
    path = write(root / "prompts/custom/mine.json", "mine")
    result = run("new", "mine")
    assert result.code == 2
    assert result.err == "promptbits: prompts/custom/mine.json: there is one already, and nothing was overwritten\n"
    assert path.read_text() == "mine"


@pytest.mark.parametrize("id_", ["Code Review", "a--b", "../x", "", "é"])
def test_new_takes_ids_only(root: Path, run: Run, id_: str) -> None:
    assert run("new", id_).code == 2
    assert not (root / "prompts").exists()


def test_new_without_a_name_says_what_is_missing(root: Path, run: Run) -> None:
    result = run("new")
    assert result.code == 2
    assert "promptbits new my-prompt" in result.err


def test_plain_files_become_prompts(root: Path, run: Run) -> None:
    write(
        root / "notes/Code Review_v2.md",
        "\ufeffIntro for <<who>>\r\n\r\n## Review  *this*\r\n\r\n```\n{{ raw }}\n<<raw>>\n```\r\n",
    )
    write(root / "notes/plain.txt", "Just {{ text }} and ${{ no }}\n")
    result = run("new", "--from", "notes/Code Review_v2.md", "notes/plain.txt", "--json")
    assert result.code == 0
    assert json.loads(result.out)["created"] == [
        "prompts/custom/code-review-v2.json",
        "prompts/custom/plain.json",
    ]
    review = json.loads((root / "prompts/custom/code-review-v2.json").read_text("utf-8"))
    assert review["description"] == "Review *this*"
    assert review["content"] == "Intro for <<who>>\n\n## Review  *this*\n\n```\n{{ raw }}\n<<raw>>\n```\n"
    assert list(review["variables"]) == ["who", "raw"]
    plain = json.loads((root / "prompts/custom/plain.json").read_text("utf-8"))
    assert "description" not in plain
    assert list(plain["variables"]) == ["text"]
    assert run("check", "--severity", "warning").code == 0


def test_one_file_can_be_given_its_id(root: Path, run: Run) -> None:
    write(root / "x.md", "# Hello\n")
    assert run("new", "my-id", "--from", "x.md").out == "created prompts/custom/my-id.json\n"
    write(root / "y.md", "# Hello\n")
    assert run("new", "other", "--from", "x.md", "--from", "y.md").code == 2


def test_a_file_without_text_becomes_no_prompt(root: Path, run: Run) -> None:
    write(root / "blank.md", " \n\t\n")
    result = run("new", "--from", "blank.md")
    assert (result.code, result.err) == (2, "promptbits: blank.md: it holds no text, and a prompt needs some\n")
    assert not (root / "prompts").exists()


@pytest.mark.parametrize("names", [["b.md", "gone.md"], ["gone.md"], ["b.md", "gone"]])
def test_a_file_that_is_not_there_is_named(root: Path, run: Run, names: list[str]) -> None:
    for name in ("a.md", "b.md"):
        write(root / name, "# Hello\n")
    result = run("new", "--from", "a.md", *names)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"promptbits: {names[-1]}: no such file")


def test_files_that_cannot_become_prompts_are_told_and_the_rest_goes_on(root: Path, run: Run) -> None:
    write(root / "latin.md", b"caf\xe9")
    write(root / "nul.md", b"a\0b")
    write(root / "日本.md", "x")
    write(root / "good.md", "# Good\n")
    write(root / "prompts/custom/taken.json", "{}")
    write(root / "taken.md", "x")
    result = run(
        "new", *(f"--from={name}" for name in ("latin.md", "nul.md", "日本.md", "gone.md", "taken.md", "good.md"))
    )
    assert result.code == 2
    assert result.out == "created prompts/custom/good.json\n"
    lines = result.err.splitlines()
    assert len(lines) == 5
    for name, line in zip(("latin.md", "nul.md", "日本.md", "gone.md", "taken.json"), lines, strict=True):
        assert name in line


@given(st.text(max_size=40))
def test_an_id_from_any_name_is_one_or_nothing(name: str) -> None:
    id_ = kebab_case(name)
    assert all(word and word.isascii() and word.isalnum() and word == word.lower() for word in id_.split("-") if id_)
    assert kebab_case(id_) == id_


@given(st.text(max_size=300))
def test_drafts_are_canonical(text: str) -> None:
    for draft in (template("some-id"), from_text("some-id", text)):
        assert is_canonical(Document(as_text(draft)))


def test_list_is_a_table_of_tabs_in_a_pipe(root: Path, run: Run) -> None:
    write(root / "prompts/custom/mine.json", prompt("mine", description="What\tit\x1b does", tags=["git", "ci"]))
    rows = [line.split("\t") for line in run("list").out.splitlines()]
    assert rows[0] == ["mine", "custom", "BestPractices", "Custom: mine", "What\\u0009it\\u001b does"]
    assert all(len(row) == 5 for row in rows)
    assert {row[1] for row in rows[1:]} == {"shipped"}
    assert len(rows) > 10


def test_list_filters(root: Path, run: Run) -> None:
    write(root / "prompts/custom/mine.json", prompt("mine", description="About Zebras", tags=["git", "ci"]))
    write(root / "prompts/learned/other.json", prompt("other", source="Learned", tags=["git"]))

    def ids(*args: str) -> list[str]:
        return [each["id"] for each in json.loads(run("list", "--json", *args).out)["prompts"]]

    assert ids("--tag", "git", "--layer", "custom", "--layer", "learned") == ["mine", "other"]
    assert ids("--tag", "git", "--tag", "ci") == ["mine"]
    assert ids("--layer", "learned") == ["other"]
    assert ids("zebra", "ABOUT") == ["mine"]
    assert ids("no-such-thing-anywhere") == []


def test_list_shows_what_is_shadowed_only_when_asked(root: Path, run: Run) -> None:
    write(root / "prompts/custom/same.json", prompt("same"))
    write(root / "prompts/learned/same.json", prompt("same", source="Learned"))
    found = [each for each in json.loads(run("list", "--json").out)["prompts"] if each["id"] == "same"]
    assert [(each["layer"], each["shadows"]) for each in found] == [("custom", ["prompts/learned/same.json"])]
    found = [each for each in json.loads(run("list", "--all", "--json").out)["prompts"] if each["id"] == "same"]
    assert [each["layer"] for each in found] == ["custom", "learned"]


def test_show_prints_the_text_and_nothing_else(root: Path, run: Run) -> None:
    content = 'Say "<<x>>"\n\ttab\u2028 😀 no line end'
    write(root / "prompts/custom/mine.json", prompt("mine", content=content))
    assert run("show", "mine") == (0, content, "")


def test_show_renders(root: Path, run: Run) -> None:
    variables = {"name": {"type": "string"}, "count": {"type": "integer", "default": 2}, "all": {"type": "array"}}
    write(root / "prompts/custom/mine.json", prompt("mine", content="<<name>> {{count}} <<all>>", variables=variables))
    assert run("show", "mine", "--render", "-v", "name=a=b", "-v", 'all=["x"]').out == 'a=b 2 ["x"]'
    assert run("show", "mine", "--render", "--partial", "-v", "count=3").out == "<<name>> 3 <<all>>"
    for args, word in (
        (["-v", "name=x"], "'all'"),
        (["-v", "name=x", "-v", "all=[]", "-v", "count=many"], "count"),
        (["-v", "name=x", "-v", "all=[]", "-v", "count=1.5"], "count"),
        (["-v", "name=x", "-v", "all=[]", "-v", "odd=1"], "'odd'"),
        (["-v", "name"], "NAME=VALUE"),
    ):
        result = run("show", "mine", "--render", *args)
        assert (result.code, result.out) == (2, "")
        assert word in result.err
    assert run("show", "mine", "-v", "name=x").code == 2


def test_show_says_as_json_where_it_comes_from(root: Path, run: Run) -> None:
    write(root / "prompts/custom/plan-mode.json", prompt("plan-mode", content="\ud800 <<x>>"))
    shown = json.loads(run("show", "plan-mode", "--json").out)
    assert (shown["file"], shown["layer"], shown["content"]) == (
        "prompts/custom/plan-mode.json",
        "custom",
        "\ud800 <<x>>",
    )
    assert len(shown["shadows"]) == 1
    assert shown["shadows"][0].endswith("plan-mode.json")


def test_show_of_what_is_not_there_asks_what_was_meant(root: Path, run: Run) -> None:
    result = run("show", "plan-mod")
    assert result.code == 2
    assert "did you mean 'plan-mode'?" in result.err


def test_show_of_a_prompt_without_content(root: Path, run: Run) -> None:
    write(root / "prompts/custom/mine.json", '{"id": "mine"}')
    result = run("show", "mine")
    assert result.code == 2
    assert result.err.startswith("promptbits: prompts/custom/mine.json: ")
