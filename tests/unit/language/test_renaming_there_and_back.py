"""Renaming and renaming back leaves every file as it was, byte for byte."""

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from renaming_workspace import Workspace, applied, prompt

from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.language.renaming import rename
from promptbits.text.document import Document

IDS = ("one", "two", "three-x", "four")
FRESH = ("five", "one-v2", "x")


@st.composite
def workspaces(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Prompts that name one another, each once for every layer it is in."""
    files: dict[str, dict[str, Any]] = {}
    for id_ in draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True)):
        for layer, source in draw(
            st.lists(st.sampled_from([("custom", "Custom"), ("learned", "Learned")]), min_size=1, unique=True)
        ):
            fields: dict[str, Any] = {"source": source, "related": draw(st.lists(st.sampled_from(IDS), max_size=4))}
            if draw(st.booleans()):
                fields["parent"] = draw(st.sampled_from(IDS))
            ending = draw(st.sampled_from([".json", ".prompt.json"]))
            files[f"{layer}/{id_}{ending}"] = prompt(id_, trigger=f"{layer}-{id_}", **fields)
    return files


@settings(max_examples=25, deadline=None)
@given(files=workspaces(), data=st.data(), new=st.sampled_from(FRESH), indent=st.sampled_from([None, 2]))
def test_prompts(files: dict[str, dict[str, Any]], data: st.DataObject, new: str, indent: int | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        space = Workspace(Path(folder))
        for name, value in files.items():
            space.put(name, json.dumps(value, indent=indent))
        before, findings = space.files(), len(space.findings())
        name = data.draw(st.sampled_from(sorted(files)))
        id_ = str(files[name]["id"])
        space.apply(space.rename(name, f'"{id_}"', new), name)
        shadows = sum(each["id"] == id_ for each in files.values()) > 1
        assert len(space.files()) == len(before)
        if shadows:
            return  # the name is taken by the other one: there is no way back
        assert len(space.findings()) == findings
        renamed = name.replace(f"/{id_}.", f"/{new}.")
        space.apply(space.rename(renamed, f'"{new}"', id_), renamed)
        assert space.files() == before


PIECES = st.lists(
    st.sampled_from(
        ["<<a>>", "{{ a }}", "{{\ta}}", "\\<<a>>", "<<b>>", "{{a}}", "é🚀", "\n```\n", '"', "\\", " ", "<", "$", "a"]
    ),
    max_size=14,
)


@settings(max_examples=200, deadline=None)
@given(pieces=PIECES, declared=st.booleans(), ascii_=st.booleans(), new=st.sampled_from(["c", "a.b", "A", "topic_1"]))
def test_variables(pieces: list[str], declared: bool, ascii_: bool, new: str) -> None:
    variables: dict[str, Any] = {"a": {}} if declared else {}
    before = json.dumps({"content": "".join(["<<a>>", *pieces]), "variables": variables}, ensure_ascii=ascii_)
    after = _renamed(before, "a", new)
    assert json.loads(after)["variables"] == ({new: {}} if declared else {})
    assert _found(after) <= _found(before)
    assert _renamed(after, new, "a") == before


def _found(text: str) -> Counter[str]:
    return Counter(finding.code for finding in check(Snapshot(Document.from_text(text))))


def _renamed(text: str, old: str, new: str) -> str:
    offset = text.index(f"<<{old}>>") + 2
    change = rename(Snapshot(Document.from_text(text)), offset, new, lambda _: None, can_rename_files=False)
    return applied(text, change.edits[0].edits)
