"""`promptbits edit`: a small edit of the file, and never a lost text."""

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_workspace import Run, prompt, write
from hypothesis import given
from hypothesis import strategies as st

from promptbits.prompts.content import UnfitError, as_custom, decoded, trimmed, with_content
from promptbits.text.document import Document
from promptbits.text.json_escapes import style_of

Editor = Callable[[str], None]


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Editor:
    """Sets an editor that runs a few lines of Python with `path` and `text`."""

    def set_it(body: str) -> None:
        script = tmp_path / "the editor.py"
        head = "import sys, pathlib\npath = pathlib.Path(sys.argv[1])\ntext = path.read_bytes().decode()\n"
        script.write_text(head + body)
        monkeypatch.setenv("EDITOR", f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return set_it


def drafts(tmp_path: Path) -> list[Path]:
    return list(tmp_path.glob("promptbits-*/*"))


def test_only_what_differs_is_written_anew(root: Path, run: Run, editor: Editor, tmp_path: Path) -> None:
    source = '{"id":"mine","content":"caf\\u00e9 \\/ one\\ttwo",\r\n "x" : 1e0}'
    path = write(root / "prompts/custom/mine.json", source)
    path.chmod(0o640)
    editor("path.write_text(text.replace('one', '\"1\"\\n'))")
    result = run("edit", "mine")
    assert result == (0, "mine: saved to prompts/custom/mine.json\n", "")
    assert path.read_bytes().decode() == source.replace("one", '\\"1\\"\\n')
    assert path.stat().st_mode & 0o777 == 0o640
    assert drafts(tmp_path) == []


def test_the_editor_sees_the_decoded_text_in_a_private_markdown_file(
    root: Path, run: Run, editor: Editor, tmp_path: Path
) -> None:
    write(root / "prompts/custom/mine.json", prompt("mine", content="a\r\nb\u2028😀"))
    editor(
        "seen = repr((path.name, text, path.parent.stat().st_mode & 0o777))\n"
        "(pathlib.Path(sys.argv[0]).parent / 'seen').write_text(seen)"
    )
    assert run("edit", "mine").out == "mine: unchanged\n"
    assert (tmp_path / "seen").read_text() == repr(("mine.md", "a\r\nb\u2028😀", 0o700))


def test_the_line_end_that_editors_add_is_no_change(root: Path, run: Run, editor: Editor) -> None:
    path = write(root / "prompts/custom/mine.json", prompt("mine", content="no line end"))
    before = path.read_bytes()
    editor("path.write_text(text + '\\n')")
    assert run("edit", "mine").out == "mine: unchanged\n"
    assert path.read_bytes() == before


def test_visual_goes_before_editor(root: Path, run: Run, editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root / "prompts/custom/mine.json", prompt("mine"))
    editor("path.write_text('changed')")
    monkeypatch.setenv("VISUAL", "true")
    assert run("edit", "mine").out == "mine: unchanged\n"


def test_a_shipped_prompt_is_copied_to_custom(root: Path, run: Run, editor: Editor) -> None:
    editor("path.write_text(text + 'More.\\n')")
    result = run("edit", "plan-mode")
    assert result.code == 0
    assert result.err == (
        "promptbits: plan-mode ships with promptbits: what you change is saved to prompts/custom/plan-mode.json\n"
    )
    copy = json.loads((root / "prompts/custom/plan-mode.json").read_text("utf-8"))
    assert copy["source"] == "Custom"
    assert copy["content"].endswith("More.\n")
    assert "$schema" not in copy
    assert run("check", "--severity", "warning").code == 0
    assert run("fmt", "--check").code == 0


def test_a_shipped_prompt_that_is_not_changed_is_not_copied(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    assert run("edit", "plan-mode").out == "plan-mode: unchanged\n"
    assert not (root / "prompts").exists()


def kept_text(err: str) -> str:
    line = err.splitlines()[-1]
    assert "; your text is kept in " in line
    return Path(line.rpartition("; your text is kept in ")[2]).read_text()


def test_a_file_that_changed_meanwhile_is_not_overwritten(root: Path, run: Run, editor: Editor) -> None:
    path = write(root / "prompts/custom/mine.json", prompt("mine"))
    editor(f"path.write_text('my text')\npathlib.Path({str(path)!r}).write_text('theirs')")
    result = run("edit", "mine")
    assert result.code == 2
    assert "prompts/custom/mine.json: the file has changed meanwhile: nothing was written" in result.err
    assert kept_text(result.err) == "my text"
    assert path.read_text() == "theirs"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("path.write_text('a\\0b')", "NUL character"),
        ("path.write_bytes(b'caf\\xe9')", "not UTF-8"),
        ("path.write_text('changed'); sys.exit(3)", "ended with code 3"),
    ],
)
def test_what_cannot_be_saved_is_kept(
    root: Path, run: Run, editor: Editor, tmp_path: Path, body: str, reason: str
) -> None:
    path = write(root / "prompts/custom/mine.json", prompt("mine"))
    before = path.read_bytes()
    editor(body)
    result = run("edit", "mine")
    assert result.code == 2
    assert reason in result.err
    assert "your text is kept in " in result.err
    assert len(drafts(tmp_path)) == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize("body", ["sys.exit(1)", "path.unlink()"])
def test_nothing_is_kept_where_nothing_was_written(
    root: Path, run: Run, editor: Editor, tmp_path: Path, body: str
) -> None:
    write(root / "prompts/custom/mine.json", prompt("mine"))
    editor(body)
    result = run("edit", "mine")
    assert result.code == 2
    assert "your text is kept" not in result.err
    assert list(tmp_path.glob("promptbits-*")) == []


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ('{"id": "mine", "content": "a\\ud800"}', "1:29", "surrogate"),
        ('{"id": "mine", "content": "a\\u0000"}', "1:29", "NUL"),
        ('{"id": "mine", "content": 3}', "1:27", "no content"),
        ('{"id": "mine"}', "1:1", "no content"),
        ('{"id": "mine", "content": "x",}', "1:30", "mend the JSON first"),
    ],
)
def test_what_cannot_be_edited_is_refused_with_its_place(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch, text: str, place: str, reason: str
) -> None:
    write(root / "prompts/custom/mine.json", text)
    monkeypatch.setenv("EDITOR", "false")
    result = run("edit", "mine")
    assert result.code == 2
    assert result.err.startswith(f"promptbits: prompts/custom/mine.json:{place}: ")
    assert reason in result.err


PIECES = st.lists(
    st.sampled_from(["\\u00e9", "\\/", "\\n", "\\ud83d\\ude00", "é", "😀", "ab", "<<x>>", "\\\\"]), max_size=12
)


@given(PIECES, st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_content_becomes_any_other(pieces: list[str], text: str) -> None:
    document = Document('{"content": "' + "".join(pieces) + '", "id": 1}')
    edited = with_content(document, text)
    assert edited.value == {"content": text, "id": 1}


@given(PIECES, PIECES, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="#"), max_size=8))
def test_escapes_around_the_change_stay_as_they_are(before: list[str], after: list[str], text: str) -> None:
    def source(middle: str) -> str:
        return '{"content": "' + "".join(before) + middle + "".join(after) + '"}'

    start, end = (json.loads(f'"{"".join(each)}"') for each in (before, after))
    assert with_content(Document(source("#")), start + text + end).text == source(style_of(source("#")).encode(text))


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        ("a", "b\n", "b"),
        ("a", "b\r\n", "b"),
        ("a", "b\n\n", "b\n"),
        ("a\n", "b\n", "b\n"),
        ("a\n", "b", "b"),
        ("", "\n", ""),
    ],
)
def test_the_last_line_end(before: str, after: str, result: str) -> None:
    assert trimmed(before, after) == result


def test_undecodable_bytes_are_not_edited() -> None:
    with pytest.raises(UnfitError):
        decoded(Document.from_bytes(b'{"content": "\xff"}'))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('{\n  "$schema": "x",\n  "source": "Builtin"\n}', '{\n  "source": "Custom"\n}'),
        ('{"source": {"Learned": {}}, "id": "x"}', '{"source": "Custom", "id": "x"}'),
        ('{"id": "x"}', '{"id": "x"}'),
        ("", ""),
    ],
)
def test_a_copy_is_the_users_own(text: str, result: str) -> None:
    assert as_custom(Document(text)).text == result


def test_a_read_only_prompt_is_refused_before_anybody_writes(
    root: Path, run: Run, editor: Editor, tmp_path: Path
) -> None:
    path = write(root / "prompts/custom/mine.json", prompt("mine"))
    path.chmod(0o444)
    editor("(pathlib.Path(sys.argv[0]).parent / 'opened').touch()")
    result = run("edit", "mine")
    assert (result.code, result.err) == (
        2,
        "promptbits: prompts/custom/mine.json: the file is read-only: make it writable first\n",
    )
    assert not (tmp_path / "opened").exists()
