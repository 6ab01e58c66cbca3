"""Three versions of a prompt merged: content by lines, the rest by value, and everything else untouched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_workspace import prompt, text_of
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.cli import main
from promptbits.cli.git.merging import Labels, merge_prompts
from promptbits.text.document import Document

BASE = prompt(
    "one",
    content="# One\n\nFirst.\n\nSecond.\n",
    variables={"a": {"type": "string"}, "b": {"type": "number", "default": 1}},
    tags=["x", "y"],
    version="1.0+",
)


def merged(base, ours, theirs, **more):
    return merge_prompts(*(Document.from_text(_text(each)) for each in (base, ours, theirs)), **more)


def _text(value):
    return value if isinstance(value, str) else text_of(value)


def changed(**fields):
    return {name: value for name, value in (BASE | fields).items() if value is not None}


def test_different_lines_of_the_content_merge():
    outcome = merged(
        BASE,
        changed(content=BASE["content"].replace("First", "1st")),
        changed(content=BASE["content"].replace("Second", "2nd")),
    )
    assert outcome.document.text == text_of(changed(content="# One\n\n1st.\n\n2nd.\n"))
    assert (outcome.conflicts, outcome.unmerged) == (0, ())


def test_the_same_line_is_a_conflict_inside_of_the_content():
    sides = (changed(content=BASE["content"].replace("First", word)) for word in ("Ours", "Theirs"))
    outcome = merged(BASE, *sides, labels=Labels("HEAD", "base", "topic"), marker_size=8)
    assert json.loads(outcome.document.text)["content"] == (
        "# One\n\n<<<<<<<< HEAD\nOurs.\n========\nTheirs.\n>>>>>>>> topic\n\nSecond.\n"
    )
    assert outcome.conflicts == 1


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        ({}, {"confidence": 0.9}, {"confidence": 0.9}),
        ({"confidence": 0.9}, {}, {"confidence": 0.9}),
        ({"confidence": 0.9}, {"confidence": 0.9}, {"confidence": 0.9}),
        ({"confidence": 0.9}, {"tags": ["z"]}, {"confidence": 0.9, "tags": ["z"]}),
        ({}, {"tags": None}, {"tags": None}),
        ({"confidence": 0.9}, {"version": None}, {"confidence": 0.9, "version": None}),
        ({"version": None}, {"confidence": 0.9}, {"version": None, "confidence": 0.9}),
        ({"parent": "two"}, {"related": ["two"]}, {"parent": "two", "related": ["two"]}),
        ({"variables": BASE["variables"] | {"c": {}}}, {"variables": BASE["variables"] | {"d": {}}},
         {"variables": BASE["variables"] | {"d": {}, "c": {}}}),
        ({"variables": {"a": {"type": "string"}}}, {"variables": {"b": BASE["variables"]["b"]}}, {"variables": {}}),
        ({"variables": {"a": {"type": "integer"}, "b": {"type": "number", "default": 1}}},
         {"variables": {"a": {"type": "string"}, "b": {"type": "number", "default": 2}}},
         {"variables": {"a": {"type": "integer"}, "b": {"type": "number", "default": 2}}}),
        ({"variables": {}}, {"model": {"name": "m"}}, {"variables": {}, "model": {"name": "m"}}),
    ],
)  # fmt: skip
def test_other_members_merge_by_value(ours, theirs, result):
    outcome = merged(BASE, changed(**ours), changed(**theirs))
    assert outcome.unmerged == ()
    assert json.loads(outcome.document.text) == changed(**result)
    assert outcome.document.text == text_of(json.loads(outcome.document.text)), "still in canonical form"


@pytest.mark.parametrize(
    ("ours", "theirs", "unmerged"),
    [
        ({"confidence": 0.8}, {"confidence": 0.9}, ("confidence",)),
        ({"confidence": 0}, {"confidence": False}, ("confidence",)),
        ({"tags": None}, {"tags": ["z"]}, ("tags",)),
        ({"trigger": {"Language": "Go"}}, {"trigger": {"Framework": "Go"}}, ("trigger",)),
        ({"parent": "two"}, {"parent": "three"}, ("parent",)),
        ({"variables": BASE["variables"] | {"a": {"type": "array"}}},
         {"variables": BASE["variables"] | {"a": {"type": "number"}}}, ("variables", "a", "type")),
        ({"variables": {"b": BASE["variables"]["b"]}},
         {"variables": BASE["variables"] | {"a": {"type": "number"}}}, ("variables", "a")),
        ({"variables": None}, {"variables": {}}, ("variables",)),
    ],
)  # fmt: skip
def test_what_both_sides_changed_is_left(ours, theirs, unmerged):
    outcome = merged(BASE, changed(**ours), changed(**theirs))
    assert outcome.unmerged == (unmerged,)
    assert json.loads(outcome.document.text) == changed(**ours)


def test_every_untouched_byte_stays():
    ours = (
        '{"id": "one",\r\n\t"content" :  "caf\\u00e9 \\/\\n\\ud83d\\ude00\\nmiddle\\nlast \\u00e9",\r\n'
        '  "confidence": 0.70, "x": 1E2 }'
    )
    base = json.dumps({"id": "one", "content": "café /\n😀\nmiddle\nlast é", "confidence": 0.5})
    theirs = json.dumps(
        {"id": "one", "content": "café /\n😀!\nmiddle\nlast é", "confidence": 0.5, "source": "Custom"}, indent=1
    )
    outcome = merged(base, ours, theirs)
    assert outcome.document.text == ours.replace("\\ude00", "\\ude00!").replace("0.70", '0.70,\r\n  "source": "Custom"')


def test_a_byte_order_mark_and_line_ends_stay():
    ours = "\ufeff" + text_of(BASE).replace("\n", "\r\n")
    outcome = merged(text_of(BASE), ours, text_of(changed(variables={"z": {"type": "string"}})))
    assert outcome.document.text.startswith("\ufeff{\r\n")
    assert outcome.document.text.count("\n") == outcome.document.text.count("\r\n") > 10


EDITS = st.fixed_dictionaries(
    {},
    optional={
        "content": st.sampled_from(["", "a\nb\nc", "A\nb\nc", "a\nb\nC", "a\nb\nc\n", "é\nb\nc"]),
        "confidence": st.sampled_from([0.1, 0.2, None]),
        "variables": st.dictionaries(
            st.sampled_from("abcd"),
            st.dictionaries(st.sampled_from(["type", "default"]), st.sampled_from("xy")),
            max_size=3,
        ),
        "tags": st.sampled_from([[], ["x"], ["x", "z"], None]),
        "extra": st.sampled_from([1, {"b": 2}, {}]),
    },
)


@settings(max_examples=200, deadline=None)
@given(EDITS, EDITS, st.booleans())
def test_what_each_side_did_is_in_the_merge(ours, theirs, narrow):
    base = changed(content="a\nb\nc", variables={"a": {"type": "x"}, "b": {}})
    one, other = ({k: v for k, v in (base | edit).items() if v is not None} for edit in (ours, theirs))
    texts = [json.dumps(each) if narrow else text_of(each) for each in (base, one, other)]
    outcome = merged(*texts)
    value = json.loads(outcome.document.text)
    for name in {*base, *one, *other} - {"content", "variables"}:
        before, mine, its = (side.get(name, "absent") for side in (base, one, other))
        expected = its if mine == before else mine
        assert value.get(name, "absent") == expected
        assert ((name,) in outcome.unmerged) == (before not in (mine, its) and mine != its)
    if not outcome.conflicts and not outcome.unmerged:
        swapped = merged(texts[0], texts[2], texts[1])
        assert json.loads(swapped.document.text) == value
    if one == other or other == base:
        assert outcome.document.text == texts[1]


# The driver, with files as git writes them


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")

    def run(*versions, size="7", labels=()):
        for name, value in zip("OAB", versions, strict=True):
            (tmp_path / name).write_bytes(value if isinstance(value, bytes) else _text(value).encode())
        return main(["git-merge", "O", "A", "B", size, "prompts/one.json", *labels]), (tmp_path / "A").read_bytes()

    return run


def test_the_driver_writes_ours(drive):
    code, data = drive(BASE, changed(confidence=0.9), changed(tags=[]))
    assert (code, data.decode()) == (0, text_of(changed(confidence=0.9, tags=[])))


def test_a_conflict_in_another_member_is_marked_by_git_beside_merged_content(drive):
    ours = changed(confidence=0.8, content="# Ours\n\nFirst.\n\nSecond.\n", version="2.0+")
    theirs = changed(confidence=0.9, content="# One\n\nFirst.\n\nTheirs.\n")
    code, data = drive(BASE, ours, theirs, labels=("b", "HEAD", "topic"))
    text = data.decode()
    assert code == 1
    assert '<<<<<<< HEAD\n  "confidence": 0.8,\n=======\n  "confidence": 0.9,\n>>>>>>> topic\n' in text
    assert text.count("<<<<<<<") == 1
    mended = text.replace('<<<<<<< HEAD\n  "confidence": 0.8,\n=======\n', "").replace(">>>>>>> topic\n", "")
    assert json.loads(mended) == changed(confidence=0.9, content="# Ours\n\nFirst.\n\nTheirs.\n", version="2.0+")


def test_what_git_can_merge_by_lines_it_merges(drive):
    base = changed(tags=[f"tag-{n}" for n in range(9)])
    ours, theirs = (changed(tags=[tag.replace(old, "new") for tag in base["tags"]]) for old in ("tag-1", "tag-7"))
    code, data = drive(base, ours, theirs)
    assert code == 0
    assert json.loads(data)["tags"] == [f"tag-{n}" if n not in (1, 7) else "new" for n in range(9)]


def test_a_member_that_one_side_changed_and_one_removed_is_a_conflict(drive):
    code, data = drive(BASE, changed(tags=None), changed(tags=["z"]))
    assert code == 1
    assert b'"z"' in data
    assert data.count(b"<<<<<<<") == 1


def test_a_file_that_both_added(drive):
    code, data = drive(b"", changed(content="a\nb\nours\n"), changed(content="a\nb\ntheirs\n"))
    assert code == 1
    assert json.loads(data)["content"] == "a\nb\n<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\n"


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_git_merges_what_is_no_prompt(drive, broken):
    versions = [changed(), changed(confidence=0.9), changed(version="2.0+")]
    texts = [
        _text(each).replace('"tags": [', '"tags": [,') if at == broken else _text(each)
        for at, each in enumerate(versions)
    ]
    code, data = drive(*texts)
    assert code in (0, 1)
    assert b"0.9" in data
    assert b"2.0+" in data


def test_a_binary_file_stays_ours_in_conflict(drive):
    assert drive(b"\0a", b"\0b", b"\0c") == (1, b"\0b")


def test_a_git_that_does_not_know_labels_passes_on_the_placeholders(drive):
    sides = (changed(content=word) for word in ("Ours.", "Theirs."))
    _, data = drive(BASE, *sides, labels=("%S", "%X", "%Y"))
    assert ">>>>>>> theirs" in json.loads(data)["content"]


@pytest.mark.parametrize("size", ["12", "0", "-1", "x", "999999999999"])
def test_marker_sizes(drive, size):
    sides = (changed(content=word) for word in ("Ours.", "Theirs."))
    code, data = drive(BASE, *sides, size=size)
    assert code == 1
    assert json.loads(data)["content"].startswith("<" * (12 if size == "12" else 7) + " ours\n")


def test_wrong_usage_and_missing_files_end_the_merge(drive, capfd):
    assert main(["git-merge"]) > 128
    assert main(["git-merge", "none", "none", "none", "7", "p"]) > 128
    assert capfd.readouterr().err.endswith("promptbits: none: No such file or directory\n")
