"""Real repositories: what git shows of prompts and how it merges them, after `promptbits git-setup`."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CONTENT = "# Report\n\nBe brief, café.\n\nName the risks.\n\nEnd with thanks.\n"
PROMPT = {
    "id": "report",
    "trigger": {"Custom": "report"},
    "category": "BestPractices",
    "content": CONTENT,
    "confidence": 0.5,
    "source": "Custom",
}
FILE = "prompts/report.json"
_SECONDS = 60

Run = Callable[..., subprocess.CompletedProcess[str]]


def command() -> list[str]:
    script = shutil.which("promptbits", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "promptbits"]


def text_of(**fields: object) -> str:
    return json.dumps(PROMPT | fields, indent=2, ensure_ascii=False) + "\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PROMPTBITS_"))}
    return kept | {
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
        "PROMPTBITS_CACHE": str(tmp_path / "cache"),
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    # A space, a quote and an accent in the path: all of it goes through git's shell.
    folder = tmp_path / "it's a répo"
    folder.mkdir()
    return folder


@pytest.fixture
def run(repo: Path, environment: dict[str, str]) -> Run:
    def run_it(*arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        program = command() if arguments[0] == "promptbits" else ["git"]
        done = subprocess.run(
            [*program, *arguments[1 if arguments[0] in ("promptbits", "git") else 0 :]],
            cwd=repo,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert code is None or done.returncode == code, (done.stdout, done.stderr)
        return done

    return run_it


@pytest.fixture
def ready(repo: Path, run: Run) -> Path:
    """A repository with one prompt, set up."""
    run("git", "-c", "init.defaultBranch=main", "init", "-q")
    write(repo, text_of())
    run("promptbits", "git-setup")
    commit(run, "first")
    return repo


def write(repo: Path, text: str, name: str = FILE) -> None:
    path = repo / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def commit(run: Run, message: str) -> None:
    run("git", "add", "-A")
    run("git", "commit", "-q", "-m", message)


def branches(repo: Path, run: Run, ours: str, theirs: str) -> None:
    """Two branches that have each changed the prompt; the one of `ours` is checked out."""
    run("git", "switch", "-q", "-c", "topic")
    write(repo, theirs)
    commit(run, "theirs")
    run("git", "switch", "-q", "main")
    write(repo, ours)
    commit(run, "ours")


def content(repo: Path, name: str = FILE) -> str:
    return json.loads((repo / name).read_bytes())["content"]


# Diffs


def test_git_diff_shows_lines_of_content(ready: Path, run: Run) -> None:
    write(ready, text_of(content=CONTENT.replace("brief", "short"), confidence=0.75))
    shown = run("git", "diff").stdout
    assert "@@" in shown
    assert "-Be brief, café.\n+Be short, café.\n" in shown
    assert "-confidence: 0.5\n+confidence: 0.75\n" in shown
    assert "\\n" not in shown


def test_hunks_name_the_heading_that_they_lie_under(ready: Path, run: Run) -> None:
    long = "# Top\n" + "\n".join(f"line {n}" for n in range(20))
    write(ready, text_of(content=long))
    commit(run, "longer")
    write(ready, text_of(content=long.replace("line 15", "line fifteen")))
    assert " @@ # Top\n" in run("git", "diff").stdout


def test_git_log_shows_the_same_and_keeps_it(ready: Path, run: Run) -> None:
    write(ready, text_of(content=CONTENT.replace("risks", "costs")))
    commit(run, "second")
    shown = run("git", "log", "-p").stdout
    assert "-Name the risks.\n+Name the costs.\n" in shown
    assert run("git", "log", "-p").stdout == shown
    assert "refs/notes/textconv/promptbit" in run("git", "for-each-ref").stdout


def test_what_is_no_prompt_is_shown_as_it_is(ready: Path, run: Run) -> None:
    write(ready, '{"not": "a prompt"}\n', "prompts/other.json")
    write(ready, text_of().replace('"id"', '"id'))
    run("git", "add", "-A")
    shown = run("git", "diff", "--cached").stdout
    assert '+{"not": "a prompt"}' in shown
    assert '+  "id: "report",' in shown


# Merges


def test_different_lines_merge(ready: Path, run: Run) -> None:
    ours, theirs = CONTENT.replace("brief", "short"), CONTENT.replace("thanks", "a summary")
    branches(ready, run, text_of(content=ours), text_of(content=theirs, confidence=0.8))
    run("git", "merge", "-q", "topic", "-m", "merge")
    both = ours.replace("thanks", "a summary")
    assert (ready / FILE).read_text("utf-8") == text_of(content=both, confidence=0.8)
    assert run("git", "status", "--short").stdout == ""


def test_the_same_line_gives_markers_inside_of_the_content(ready: Path, run: Run) -> None:
    branches(ready, run, *(text_of(content=CONTENT.replace("brief", word)) for word in ("short", "quick")))
    done = run("git", "merge", "topic", code=1)
    assert "CONFLICT (content)" in done.stdout
    assert "1 conflict in the content" in done.stderr
    lines = content(ready).split("\n")
    assert lines[3] == "Be short, café."
    assert lines[5] == "Be quick, café."
    assert [line[:7] for line in (lines[2], lines[4], lines[6])] == ["<<<<<<<", "=======", ">>>>>>>"]
    assert run("git", "status", "--short").stdout.startswith("UU ")


def test_the_base_is_shown_where_git_is_set_to_show_it(ready: Path, run: Run) -> None:
    run("git", "config", "merge.conflictStyle", "diff3")
    branches(ready, run, *(text_of(content=CONTENT.replace("brief", word)) for word in ("short", "quick")))
    run("git", "merge", "topic", code=1)
    assert "\n||||||| base\nBe brief, café.\n=======\n" in content(ready)


def test_a_conflict_in_another_member_is_gits(ready: Path, run: Run) -> None:
    ours = text_of(confidence=0.6, content=CONTENT.replace("brief", "short"))
    theirs = text_of(confidence=0.7, content=CONTENT.replace("thanks", "a summary"))
    branches(ready, run, ours, theirs)
    run("git", "merge", "topic", code=1)
    text = (ready / FILE).read_text("utf-8")
    assert '=======\n  "confidence": 0.7,\n>>>>>>>' in text
    assert text.count("=======") == 1
    run("git", "checkout", "--conflict=merge", FILE)
    assert (ready / FILE).read_text("utf-8").count("=======") == 1


def test_a_prompt_renamed_on_one_side_merges(ready: Path, run: Run) -> None:
    run("git", "switch", "-q", "-c", "topic")
    run("git", "mv", FILE, "prompts/summary.json")
    write(ready, text_of(id="summary"), "prompts/summary.json")
    commit(run, "renamed")
    run("git", "switch", "-q", "main")
    write(ready, text_of(content=CONTENT.replace("brief", "short")))
    commit(run, "ours")
    run("git", "merge", "-q", "topic", "-m", "merge")
    value = json.loads((ready / "prompts/summary.json").read_bytes())
    assert (value["id"], value["content"]) == ("summary", CONTENT.replace("brief", "short"))
    assert not (ready / FILE).exists()


def test_line_ends_and_escapes_stay(ready: Path, run: Run) -> None:
    def windows(value: str, **fields: object) -> str:
        return json.dumps(PROMPT | {"content": value} | fields, indent=2).replace("\n", "\r\n")

    write(ready, windows(CONTENT))
    commit(run, "windows")
    ours, theirs = CONTENT.replace("risks", "costs"), CONTENT.replace("thanks", "a résumé")
    branches(ready, run, windows(ours), windows(theirs, confidence=0.9))
    run("git", "merge", "-q", "topic", "-m", "merge")
    expected = windows(ours.replace("thanks", "a résumé"), confidence=0.9)
    assert (ready / FILE).read_bytes().decode() == expected
    assert "\\u00e9" in expected


def test_rebase_and_cherry_pick_use_the_driver_as_well(ready: Path, run: Run) -> None:
    branches(
        ready, run, text_of(content=CONTENT.replace("brief", "short")), text_of(content=CONTENT.replace("thanks", "x"))
    )
    run("git", "cherry-pick", "topic")
    assert content(ready) == CONTENT.replace("brief", "short").replace("thanks", "x")


# Setting up


def test_setting_up_twice_and_taking_it_back_changes_nothing(ready: Path, run: Run) -> None:
    config, attributes = ready / ".git/config", ready / ".gitattributes"
    before = config.read_bytes(), attributes.read_bytes()
    assert "already" in run("promptbits", "git-setup").stdout
    assert (config.read_bytes(), attributes.read_bytes()) == before
    run("promptbits", "git-setup", "--undo")
    assert "promptbit" not in config.read_text()
    assert not attributes.exists()
    assert run("promptbits", "git-setup", "--undo").stdout == "nothing to take back\n"


def test_attributes_that_were_there_stay(ready: Path, run: Run) -> None:
    run("promptbits", "git-setup", "--undo")
    path = ready / ".gitattributes"
    path.write_bytes(b"*.png binary")
    (ready / "promptbits.toml").write_text('roots = ["prompts", "more [old] prompts"]\n')
    run("promptbits", "git-setup")
    assert path.read_bytes().startswith(b"*.png binary\nprompts/**/*.json diff=promptbit merge=promptbit\n")
    for name in ("prompts/a.json", "prompts/x/y/a.json", "more [old] prompts/a.json", "more [old] prompts/b/a.json"):
        assert run("git", "check-attr", "diff", "--", name).stdout.endswith(": promptbit\n")
    assert run("git", "check-attr", "diff", "--", "a.json").stdout.endswith(": unspecified\n")
    run("promptbits", "git-setup", "--undo")
    assert path.read_bytes() == b"*.png binary\n"


def test_the_configuration_can_be_for_all_repositories(ready: Path, run: Run, tmp_path: Path) -> None:
    run("promptbits", "git-setup", "--undo")
    run("promptbits", "git-setup", "--global")
    assert "[diff" not in (ready / ".git/config").read_text()
    write(ready, text_of(content="Other.\n"))
    assert "+Other.\n" in run("git", "diff", "--", FILE).stdout
    run("promptbits", "git-setup", "--global", "--undo")
    assert "promptbit" not in (tmp_path / "gitconfig").read_text()


def test_who_has_no_name_gets_no_cache(ready: Path, run: Run, environment: dict[str, str]) -> None:
    """Git keeps its cache in a commit, and would end `git diff` where it cannot make one, as in most jobs of CI."""
    for name in [name for name in environment if name.startswith(("GIT_AUTHOR_", "GIT_COMMITTER_"))]:
        del environment[name]
    run("git", "config", "user.useConfigOnly", "true")
    write(ready, text_of(content="Other.\n"))
    assert "identity unknown" in run("git", "diff", "--", FILE, code=None).stderr
    assert "nothing is cached" in run("promptbits", "git-setup").stderr
    assert "cachetextconv" not in (ready / ".git/config").read_text()
    done = run("git", "diff", "--", FILE)
    assert (done.stderr, "+Other.\n" in done.stdout) == ("", True)
    run("git", "config", "user.name", "A")
    run("git", "config", "user.email", "a@example.org")
    assert "cachetextconv: true" in run("promptbits", "git-setup").stdout


def test_setting_up_needs_a_repository(repo: Path, run: Run) -> None:
    done = run("promptbits", "git-setup", code=2)
    assert done.stderr == f"promptbits: {repo}: it lies in no git repository\n"


def test_nothing_runs_that_lies_in_the_repository(ready: Path, run: Run) -> None:
    """Git runs the drivers in the working tree, which may come from anywhere."""
    for name in ("json.py", "re.py", "promptbits.py", "promptbits/__init__.py", "difflib.py"):
        write(ready, "raise SystemExit('taken over')\n", name)
    write(ready, text_of(content=CONTENT.replace("brief", "short")))
    assert "+Be short, café.\n" in run("git", "diff", "--", FILE).stdout


@pytest.mark.parametrize("name", ["git-textconv", "git-merge"])
def test_what_git_starts_imports_next_to_nothing(ready: Path, environment: dict[str, str], name: str) -> None:
    heavy = ("click", "rich", "pydantic", "lsprotocol", "pygls", "watchfiles", "subprocess", "orjson")
    for letter in "OAB":
        write(ready, text_of(content=f"{letter}\n" if letter == "B" else "x\n"), letter)
    arguments = [name, *(["O"] if name == "git-textconv" else ["O", "A", "B", "7", FILE])]
    code = (
        f"import sys; from promptbits.cli import main; code = main({arguments!r});"
        f"print(code, *(each for each in {heavy!r} if each in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ready, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == "0\n"


def test_the_command_in_the_configuration_is_quoted(ready: Path, run: Run) -> None:
    words = shlex.split(run("git", "config", "diff.promptbit.textconv").stdout)
    assert Path(words[0]).is_file()
    assert words[-3:] == ["git-textconv", "--format", "1"]
