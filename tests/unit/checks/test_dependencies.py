"""What was asked of the library decides whether findings still hold: never used again wrongly, seldom made in vain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from check_helpers import ROOT, prompt, text_of
from hypothesis import given
from hypothesis import strategies as st

from promptbits.checks.dependencies import Asked, Ledger, Recorder
from promptbits.checks.engine import check
from promptbits.checks.finding import Finding
from promptbits.checks.snapshot import Snapshot
from promptbits.prompts.entry import Entry, entry_of_document
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.text.document import Document

FOLDER = ROOT / "prompts" / "custom"


def entry(name: str, **fields: Any) -> Entry:
    return Entry(f"/project/{name}.json", "custom", name, **fields)


def recorded(library: Library) -> tuple[Ledger, Recorder]:
    ledger = Ledger()
    ledger.turn_to(library)
    return ledger, Recorder(ledger)


def test_a_recorder_answers_as_the_library_does() -> None:
    library = Library.of([entry("a", parent="b"), entry("b", trigger_kind="Custom", trigger_name="T")])
    recorder = recorded(library)[1].as_library
    assert recorder.by_id("a") == library.by_id("a")
    assert recorder.by_reference("b") == library.by_reference("b")
    assert recorder.by_path("/project/b.json") == library.by_path("/project/b.json")
    assert recorder.nearest_id("aa") == library.nearest_id("aa")
    assert recorder.complete is True
    assert list(recorder.entries()) == list(library.entries())
    assert list(recorder.entries()) == list(library.entries())  # again: what was used up the first time
    assert recorder.ids() == {"a", "b"}


def test_what_is_done_with_an_answer_concerns_nobody_else() -> None:
    _, recorder = recorded(Library.of([entry("a")]))
    recorder.as_library.by_id("a").clear()
    assert [each.id for each in recorder.as_library.by_id("a")] == ["a"]


def test_findings_hold_while_the_answers_do() -> None:
    library = Library.of([entry("a"), entry("b")])
    ledger, recorder = recorded(library)
    recorder.as_library.by_id("a")
    asked = recorder.noted()
    assert ledger.holds(asked)
    ledger.turn_to(library.with_changes({"/project/b.json": None}))
    assert ledger.holds(asked)
    ledger.turn_to(library.with_changes({"/project/a.json": entry("a", description="new")}))
    assert not ledger.holds(asked)
    ledger.turn_to(library)
    assert ledger.holds(asked)


@pytest.mark.parametrize("question", [("entries", ()), ("ids", ()), ("complete", None), ("by_tag", ("x",))])
def test_whatever_is_asked_is_noted(question: tuple[str, Any]) -> None:
    """Also what no check asks today: a check of tomorrow must not be forgotten here."""
    name, args = question
    ledger, recorder = recorded(Library(complete=False))
    value = getattr(recorder, name)
    if args is not None:
        value(*args)
    ledger.turn_to(Library.of([entry("a", tags=("x",))]))
    assert not ledger.holds(recorder.noted())


def test_equal_answers_of_two_libraries_are_one_object() -> None:
    ledger, recorder = recorded(Library.of([entry("a")]))
    recorder.as_library.by_id("a")
    ledger.turn_to(Library.of([entry("a"), entry("b")]))
    later = Recorder(ledger)
    later.as_library.by_id("a")
    assert later.noted()[0] is recorder.noted()[0]


NAMES = st.sampled_from(["a", "b", "c", "bb", "name-one", "name-two", "name-thre", ""])
FIELDS = st.fixed_dictionaries(
    {
        "id": NAMES,
        "parent": NAMES,
        "related": st.lists(NAMES, max_size=3),
        "trigger": st.builds(lambda name: {"Custom": name}, st.sampled_from(["t", "T", "u"])),
        "description": st.sampled_from(["one", "two"]),
    }
)
FILES = ["a.json", "b.json", "name-one.json", "learned.json", "x.json"]
EDITS = st.lists(st.tuples(st.sampled_from(FILES), st.none() | FIELDS), min_size=1, max_size=12)


def documents(fields: dict[str, Any]) -> Document:
    return Document.from_text(text_of(prompt(**fields)))


def found(path: Path, document: Document, library: Library) -> list[Finding]:
    return check(Snapshot(document, path, Root(ROOT), library))


@given(edits=EDITS, folded=st.booleans())
def test_no_finding_is_used_again_wrongly(edits: list[tuple[str, dict[str, Any] | None]], *, folded: bool) -> None:
    """Whatever edits a library goes through: findings that are used again are those that a check would make."""
    ledger = Ledger()
    library = Library(complete=not folded)
    files: dict[Path, Document] = {}
    memory: dict[Path, tuple[Document, tuple[Asked, ...], list[Finding]]] = {}
    for name, fields in edits:
        path = FOLDER / name
        if fields is None:
            files.pop(path, None)
            library = library.with_changes({str(path): None})
        else:
            document = files[path] = documents(fields)
            library = library.with_changes({str(path): entry_of_document(path, "custom", document)})
        if folded:
            library = Library.of(library.entries())
        ledger.turn_to(library)
        for each, document in files.items():
            known = memory.get(each)
            if known is None or known[0] is not document or not ledger.holds(known[1]):
                recorder = Recorder(ledger)
                findings = found(each, document, recorder.as_library)
                known = memory[each] = document, recorder.noted(), findings
            assert known[2] == found(each, document, library)


def test_what_concerns_nobody_else_is_checked_alone() -> None:
    files = {
        FOLDER / f"p-{number}.json": documents(
            {"id": f"p-{number}", "related": [f"p-{(number + 1) % 20}"], "trigger": {"Custom": f"t {number}"}}
        )
        for number in range(20)
    }
    library = Library.of(entry_of_document(path, "custom", document) for path, document in files.items())
    ledger, noted = Ledger(), dict[Path, tuple[Asked, ...]]()
    ledger.turn_to(library)
    for path, document in files.items():
        recorder = Recorder(ledger)
        assert found(path, document, recorder.as_library) == []
        noted[path] = recorder.noted()

    def stale(changed: Path, fields: dict[str, Any]) -> list[str]:
        ledger.turn_to(library.with_changes({str(changed): entry_of_document(changed, "custom", documents(fields))}))
        return [path.stem for path in files if not ledger.holds(noted[path])]

    assert stale(FOLDER / "new.json", {"id": "new"}) == []
    assert stale(FOLDER / "p-7.json", {"id": "other", "trigger": {"Custom": "t 7"}}) == ["p-6", "p-7"]
    assert stale(FOLDER / "new.json", {"id": "new", "trigger": {"Custom": "T 3"}}) == ["p-3"]
