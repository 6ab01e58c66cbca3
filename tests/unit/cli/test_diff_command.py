"""`promptbits diff`: what is compared, how it is printed, and what is said where it cannot be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from cli_workspace import Run, prompt, text_of, write
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.cli.git.report import Difference
from promptbits.cli.git.report_markdown import LIMIT, markdown
from promptbits.prompts.comparing import compare, unified

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
TEXT = "# One\n\nBe brief.\n\nBe kind.\n"


@pytest.fixture
def git(root: Path, monkeypatch: pytest.MonkeyPatch):
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{name}_NAME", "A")
        monkeypatch.setenv(f"{name}_EMAIL", "a@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)

    def run_it(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout

    run_it("-c", "init.defaultBranch=main", "init", "-q")
    return run_it


@pytest.fixture
def one(root: Path, git) -> Path:
    """A prompt that is committed."""
    path = write(root / "prompts/one.json", prompt("one", content=TEXT))
    commit(git)
    return path


def commit(git, message="a commit"):
    git("add", "-A")
    git("commit", "-q", "-m", message)


# Two that are named


def test_two_files(root: Path, run: Run) -> None:
    write(root / "a.json", prompt("one", content=TEXT, tags=["x", "y"], variables={"v": {"type": "string"}}))
    write(root / "b.json", prompt("one", content=TEXT.replace("brief", "short"), tags=["y", "z"], confidence=0.75))
    result = run("diff", "a.json", "b.json")
    assert (result.code, result.err) == (1, "")
    assert result.out == (
        "~ a.json → b.json  changed\n"
        "  confidence 0.5 → 0.75\n"
        "  tags + z, - x\n"
        '  variables.v removed: {"type": "string"}\n'
        "@@ -1,5 +1,5 @@\n # One\n \n-Be brief.\n+Be short.\n \n Be kind.\n\n"
    )


def test_the_same_is_silent(root: Path, run: Run) -> None:
    write(root / "a.json", prompt("one"))
    assert run("diff", "a.json", "a.json") == (0, "", "")


def test_another_spelling_is_the_same_prompt(root: Path, run: Run) -> None:
    write(root / "a.json", prompt("one", content="é"))
    write(root / "b.json", json.dumps(prompt("one", content="é")))
    result = run("diff", "a.json", "b.json")
    assert result.code == 0
    assert "the same prompt, written differently" in result.out


def test_ids_revisions_and_parents(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("one", content="first\n"))
    write(root / "prompts/learned/one-v2.json", prompt("one-v2", content="second\n", parent="one", revision=2))
    write(root / "prompts/learned/one-v3.json", prompt("one-v3", content="third\n", parent="one-v2", revision=3))
    assert "-first\n+third\n" in run("diff", "one", "one-v3").out
    assert "-second\n+third\n" in run("diff", "one@2", "one@3").out
    assert "-third\n+first\n" in run("diff", "one-v2@3", "one-v3@1").out
    assert "-second\n+third\n" in run("diff", "--parent", "one-v3").out
    missing = run("diff", "one@9", "one")
    assert missing.code == 2
    assert "has no revision 9 (there is 1, 2, 3)" in missing.err
    assert "names no parent" in run("diff", "--parent", "one").err


def test_several_prompts_of_one_revision_are_named(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("one"))
    for name in ("one-v2", "one-b"):
        write(root / f"prompts/learned/{name}.json", prompt(name, parent="one", revision=2))
    assert "name one of one-b, one-v2" in run("diff", "one", "one@2").err
    assert run("diff", "one", "one-b@2").code == 1


def test_parents_in_a_circle_end(root: Path, run: Run) -> None:
    for name, parent in (("one", "two"), ("two", "one")):
        write(root / f"prompts/{name}.json", prompt(name, parent=parent))
    assert "has no revision 7" in run("diff", "one@7", "two").err


@needs_git
def test_a_commit_and_an_id(one: Path, run: Run, git) -> None:
    write(one, prompt("one", content=TEXT.replace("kind", "quick")))
    commit(git)
    write(one, prompt("one", content=TEXT.replace("kind", "slow")))
    assert "-Be kind.\n+Be slow.\n" in run("diff", "HEAD~1:one", "one").out
    assert "-Be kind.\n+Be quick.\n" in run("diff", "HEAD~1:prompts/one.json", "HEAD:one").out
    assert "-Be quick.\n+Be slow.\n" in run("diff", "one").out
    assert "-Be quick.\n+Be slow.\n" in run("diff", "prompts/one.json").out


@needs_git
def test_an_id_is_found_in_a_file_of_another_name(one: Path, root: Path, run: Run, git) -> None:
    write(root / "prompts/odd.json", prompt("strange", content="odd\n"))
    commit(git)
    assert "+odd\n" in run("diff", "HEAD:one", "HEAD:strange").out


@needs_git
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nosuch"], "there is no prompt 'nosuch'"),
        (["HEAD:nosuch", "one"], "HEAD holds no prompt 'nosuch' in prompts"),
        (["nosuch:one", "one"], "there is no commit 'nosuch'"),
        (["--", "--upload-pack=x:one", "one"], "there is no commit '--upload-pack=x'"),
        (["--base=--output=x"], "there is no commit '--output=x'"),
        (["--base", ""], "there is no commit ''"),
        (["HEAD:", "one"], "write REF:ID"),
        ([":one", "one"], "there is no commit ''"),
        (["HEAD:prompts/../../x.json", "one"], ""),
        (["HEAD:prompts", "one"], "HEAD holds no prompt 'prompts'"),
        (["HEAD:one"], "name B as well"),
        (["none.json", "one"], "there is no such file"),
        (["kept-out"], "prompts/kept-out.json is ignored by git: name B as well"),
        (["--base", "HEAD", "one"], "leave out A"),
        (["--parent"], "--parent needs A"),
        (["--parent", "one", "new"], "--parent stands in the place of B"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(one, root: Path, run: Run, arguments, message) -> None:
    write(root / "prompts/new.json", prompt("new"))
    write(root / "prompts/kept-out.json", prompt("kept-out"))
    (root / ".gitignore").write_text("kept-out.json\n")
    result = run("diff", *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert result.err.startswith("Usage:") or result.err.count("\n") == 1


def test_outside_of_a_repository(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("one"))
    for arguments in ([], ["one"], ["HEAD:one", "one"], ["--base", "main"]):
        result = run("diff", *arguments)
        assert result.code == 2
        assert "it lies in no git repository" in result.err


def test_without_git(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    assert run("diff") == (2, "", "promptbits: git is not installed, or not on the PATH\n")


# All that have changed


@needs_git
def test_all_that_differ_from_where_the_branch_left(one: Path, root: Path, run: Run, git) -> None:
    for name in ("gone", "moved", "kept", "rewritten", "taken"):
        write(root / f"prompts/{name}.json", prompt(name, content=f"About {name}, in so many words.\n" * 3))
    write(root / "elsewhere.json", prompt("elsewhere"))
    commit(git)
    git("switch", "-q", "-c", "topic")
    git("switch", "-q", "main")
    write(root / "prompts/kept.json", prompt("kept", content="main went on\n"))
    commit(git)
    git("switch", "-q", "topic")
    git("mv", "prompts/moved.json", "prompts/renamed.json")
    git("rm", "-q", "prompts/gone.json")
    write(root / "prompts/rewritten.json", json.dumps(json.loads((root / "prompts/rewritten.json").read_bytes())))
    commit(git)
    write(one, prompt("one", content=TEXT.replace("brief", "short")))
    write(root / "prompts/new.json", prompt("new", content="brand new\n"))
    write(root / "prompts/custom/taken.json", (root / "prompts/taken.json").read_bytes())
    (root / "prompts/taken.json").unlink()
    write(root / "elsewhere.json", prompt("elsewhere", content="not ours"))
    (root / "prompts/notes.txt").write_text("no prompt")
    result = run("diff", "--base", "main", "--json")
    found = {each["name"] or each["name_before"]: each for each in json.loads(result.out)["prompts"]}
    assert {name: (each["change"], each["same"]) for name, each in found.items()} == {
        "gone": ("removed", False),
        "moved": ("renamed", False),
        "rewritten": ("changed", True),
        "one": ("changed", False),
        "new": ("added", False),
        "taken": ("renamed", False),
    }
    assert found["one"]["diff"].endswith("-Be brief.\n+Be short.\n \n Be kind.\n")
    assert found["moved"]["file_before"] == "prompts/moved.json"
    assert result.code == 1
    assert {each["name"] for each in json.loads(run("diff", "--json").out)["prompts"]} == {"one", "new", "taken"}


@needs_git
def test_a_root_below_the_top_of_the_repository(root: Path, run: Run, git, monkeypatch) -> None:
    path = write(root / "packages/a [1]/prompts/one.json", prompt("one"))
    write(root / "packages/b/prompts/two.json", prompt("two"))
    (path.parents[1] / "promptbits.toml").write_text("")
    commit(git)
    for each in root.rglob("*.json"):
        each.write_text(each.read_text().replace("About", "On"))
    monkeypatch.chdir(path.parents[1])
    git("config", "diff.relative", "true")
    (found,) = json.loads(run("diff", "--json").out)["prompts"]
    assert found["file"] == "packages/a [1]/prompts/one.json"
    assert "+# On one" in run("diff", "HEAD:one", "one").out


@needs_git
def test_a_broken_file_is_shown_as_it_is(one: Path, run: Run) -> None:
    write(one, text_of(prompt("one", content=TEXT)).replace('"source"', '"source'))
    result = run("diff")
    assert result.code == 1
    assert "not a prompt in good order" in result.out
    assert '+  "source: "Custom"' in result.out


@needs_git
def test_nothing_has_changed(one: Path, run: Run) -> None:
    assert run("diff") == (0, "", "")
    assert run("diff", "--format", "markdown").out == "### Prompts\n\nNo prompt has changed.\n"


@needs_git
def test_histories_without_a_common_commit(one: Path, run: Run, git) -> None:
    git("switch", "-q", "--orphan", "other")
    git("commit", "-q", "--allow-empty", "-m", "x")
    result = run("diff", "--base", "main")
    assert result.code == 2
    assert "fetch-depth: 0" in result.err


@needs_git
def test_a_repository_without_a_commit(root: Path, run: Run, git) -> None:
    write(root / "prompts/one.json", prompt("one"))
    for arguments in ([], ["one"], ["--base", "HEAD"]):
        assert "there is no commit yet" in run("diff", *arguments).err


@needs_git
def test_a_shallow_clone_lacks_what_to_compare_with(one: Path, root: Path, run: Run, git, monkeypatch) -> None:
    git("commit", "-q", "--allow-empty", "-m", "x")
    git("clone", "-q", "--depth", "1", root.as_uri(), "clone")
    monkeypatch.chdir(root / "clone")
    assert "fetch-depth: 0" in run("diff", "--base", "HEAD~1").err


@needs_git
def test_a_new_prompt_was_added(one: Path, root: Path, run: Run, git) -> None:
    write(root / "prompts/new.json", {"id": "new", "content": "Say it.\n"})
    expected = "+ new  added: prompts/new.json\n  id: new\n@@ -0,0 +1 @@\n+Say it.\n\n"
    for arguments in ([], ["new"]):
        assert run("diff", *arguments) == (1, expected, "")
    git("add", "-A")
    assert run("diff", "new").out == expected


@needs_git
def test_a_prompt_that_moved_is_compared_with_what_it_was(one: Path, root: Path, run: Run, git) -> None:
    git("mv", "prompts/one.json", "prompts/other.json")
    write(root / "prompts/other.json", prompt("one", content=TEXT.replace("brief", "short")))
    shown = run("diff", "one").out
    assert shown.startswith("~ HEAD:one → one  changed: prompts/one.json → prompts/other.json\n@@")
    assert "-Be brief.\n+Be short.\n" in shown
    git("checkout", "-q", "HEAD", "prompts/one.json")  # now the other one is a copy
    assert run("diff", "prompts/other.json").out.startswith("+ prompts/other.json  added\n")


@needs_git
def test_paths_are_shown_from_where_one_is(one: Path, root: Path, run: Run, monkeypatch) -> None:
    write(one, prompt("one", content="x"))
    (root / "promptbits.toml").write_text("")
    monkeypatch.chdir(root / "prompts")
    for arguments in (["one"], ["HEAD:one", "one"]):
        assert run("diff", *arguments).out.startswith("~ HEAD:one → one  changed: one.json\n")
    assert run("diff", "one.json").out.startswith("~ HEAD:one.json → one.json  changed\n")


@needs_git
def test_folders_of_another_repository_are_not_passed_over_in_silence(root: Path, run: Run, git) -> None:
    git("commit", "-q", "--allow-empty", "-m", "x")
    write(root / "prompts/one.json", prompt("one"))
    git("init", "-q", "prompts")
    result = run("diff")
    assert (result.code, result.out) == (0, "")
    assert "warning: prompts is no part of this repository" in result.err


@needs_git
def test_line_ends_that_git_changed_are_no_difference(one: Path, root: Path, run: Run, git) -> None:
    (root / "prompts/half.json").write_bytes(b'{\n  "id": "half",\n  "x\n')
    commit(git)
    (root / "prompts/half.json").write_bytes(b'{\r\n  "id": "half",\r\n  "y\r\n')
    assert run("diff").out.endswith('@@ -1,3 +1,3 @@\n {\n   "id": "half",\n-  "x\n+  "y\n\n')


# Files without lines to show


@pytest.mark.parametrize(
    ("before", "after"), [(b"\0a", b"\0b"), (b"\xff", b"\\xff"), (None, b""), (b"", None), (b"{", b"\0")]
)
def test_files_without_lines_differ(before: bytes | None, after: bytes | None) -> None:
    comparison = compare(before, after)
    assert not comparison.is_same
    assert (comparison.is_raw, comparison.diff) == (True, ())
    each = Difference("changed", "a", "a", "a.json", "a.json", comparison)
    assert "the file has no lines to show" in markdown([each], None)


# Markdown


def difference(before: str, after: str, **fields) -> Difference:
    texts = (text_of(prompt("one", content=before)), text_of(prompt("one", content=after) | fields))
    comparison = compare(*(text.encode() for text in texts))
    return Difference("changed", "one", "one", "prompts/one.json", "prompts/one.json", comparison)


def test_markdown_has_a_heading_a_table_and_a_fence() -> None:
    text = markdown(
        [difference("```js\nx\n```\n", "````js\ny\n````\n", description="a|b `c` @me <b>")], "main (1234567)"
    )
    assert text == (
        "### Prompts: 1 changed\n\nCompared with `main (1234567)`.\n\n#### `one` changed\n\n`prompts/one.json`\n\n"
        "| field | before | after |\n|---|---|---|\n| `description` |  | ``a\\|b `c` @me <b>`` |\n\n"
        "`````diff\n@@ -1,3 +1,3 @@\n-```js\n-x\n-```\n+````js\n+y\n+````\n`````\n"
    )


def test_markdown_of_what_came_or_went_has_one_column_of_values() -> None:
    text = text_of({"id": "one", "content": ""}).encode()
    table = "| field | value |\n|---|---|\n| `id` | `one` |\n"
    for change, pair in (("added", (None, text)), ("removed", (text, None))):
        assert table in markdown([Difference(change, "", "one", "", "one.json", compare(*pair))], None)


def test_markdown_says_paths_once() -> None:
    files = difference("a", "b")._replace(name_before="a.json", name="b.json", path_before="a.json", path="b.json")
    assert "#### `a.json → b.json` changed\n\n```diff\n" in markdown([files], None)


@pytest.mark.parametrize("count", [1, 3, 40, 3000])
@pytest.mark.parametrize("content", ["a line of text\n" * 50, "😀" * 40_000, "`" * 70_000, "\n" * 90_000])
def test_markdown_is_never_longer_than_a_comment_may_be(count: int, content: str) -> None:
    one = difference("", content, description="d" * 3000, tags=["`" * 90] * 3)
    text = markdown([one] * count, "main")
    assert len(text.encode("utf-16-le")) // 2 <= LIMIT
    shown = text.count("\n#### ")
    assert shown == count or f"{count - shown:,} more prompt" in text
    if shown == 1:
        assert text.count("more line") + text.count("of differences left out") + text.count("```diff") > 0


def test_two_hostile_ids_stay_text() -> None:
    one = difference("a", "b")._replace(name="`x`\n# y", path="p`|\n.json")
    text = markdown([one], None)
    assert "\n# y" not in text
    assert "``one → `x` # y`` changed" in text


# The diff itself


@given(st.text("ab\n\r\x00\u2028", max_size=20), st.text("ab\n\r\x00\u2028", max_size=20))
def test_a_diff_is_empty_only_for_the_same_text(before: str, after: str) -> None:
    assert (list(unified(before, after)) == []) == (before == after)


@pytest.mark.parametrize(
    ("old", "new"), [("a\n" * 1900, "a\nb\n" * 1000), ("a\nb\nc\n" * 660, "c\nb\na\n" * 660)], ids=["one", "three"]
)
def test_hostile_texts_take_no_time(old: str, new: str) -> None:
    start = time.process_time()
    assert list(unified(old, new))
    assert time.process_time() - start < 1  # with difflib alone it is more than a minute


@needs_git
@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abc"), max_size=20), st.lists(st.sampled_from("abc"), max_size=20))
def test_a_diff_can_be_applied(tmp_path_factory, before, after) -> None:
    folder = tmp_path_factory.mktemp("diff")
    old, new = "\n".join(before), "\n".join(after)
    if old == new or not old or not new:
        return
    (folder / "f").write_text(old)
    patch = "--- a/f\n+++ b/f\n" + "".join(f"{line}\n" for line in unified(old, new))
    subprocess.run(["git", "apply", "-"], input=patch.encode(), cwd=folder, check=True)
    assert (folder / "f").read_text() == new


def test_hidden_characters_are_seen(root: Path, run: Run) -> None:
    write(root / "a.json", prompt("one", content="a\u202eb\x1b[2J\n"))
    write(root / "b.json", prompt("one", content="a\n", description="\x1b[2J"))
    result = run("diff", "a.json", "b.json")
    assert "-a\\u202eb\\u001b[2J\n+a\n" in result.out
    assert "\x1b" not in result.out


def test_long_values_are_cut_before_what_differs(root: Path, run: Run) -> None:
    write(root / "a.json", prompt("one", description="d" * 500 + "old"))
    write(root / "b.json", prompt("one", description="d" * 500 + "new"))
    line = run("diff", "a.json", "b.json").out.split("\n")[1]
    assert line == f"  description …{'d' * 20}old → …{'d' * 20}new"


def test_every_change_of_a_value_is_told() -> None:
    values = [None, False, 0, 0.0, "", "0", [], {}, [0], [False], {"a": None}, {"a": 0}, {"a": {}}, {"a": {"b": 0}}]
    for name in ("variables", "model", "extra"):
        for before in [{}, *({name: value} for value in values)]:
            for after in [{}, *({name: value} for value in values)]:
                texts = (json.dumps({"content": "", **each}) for each in (before, after))
                expected = json.dumps(before) == json.dumps(after)
                assert compare(*(text.encode() for text in texts)).is_same == expected, (before, after)
