"""The file of reviews: what is kept comes back, damage is set aside, and a newer format is refused."""

from __future__ import annotations

import json
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from review_samples import AFTER, ME, review

from promptbits.optimize.reviews import lifecycle
from promptbits.optimize.reviews.model import Candidate, Origin, Outcome, RefusedError, Rejected, Review
from promptbits.optimize.reviews.opening import open_reviews, reviews_path
from promptbits.optimize.reviews.store import NoSuchReviewError, ReviewStoreError
from promptbits.optimize.reviews.tables import as_table, packed, review_of
from promptbits.optimize.terms import Prediction


def quiet(line: str) -> None:
    raise AssertionError(line)


def test_a_review_comes_back_as_it_was(tmp_path: Path) -> None:
    store = open_reviews(tmp_path, quiet)
    full = replace(
        review("half \ud800 of a pair", "two", "é…😀\u2028", path=None),
        rejected=(Rejected("placeholders", ("a", "b"), 3),),
        recommended=2,
        origin=Origin(4, 2, "text", ("x",)),
        outcome=Outcome(1, "revision", "report-v2", 2, "0" * 64),
    )
    kept = store.add(full)
    assert kept == replace(full, number=1)
    assert open_reviews(tmp_path, quiet).get(1) == kept
    assert kept.basis.content.startswith("half \ud800")


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_nobody_else_reads_it_and_git_passes_it_over(tmp_path: Path) -> None:
    open_reviews(tmp_path, quiet).add(review())
    for name in ("reviews.json", "reviews.lock"):
        assert stat.S_IMODE((tmp_path / ".promptbits" / name).stat().st_mode) == 0o600
    assert (tmp_path / ".promptbits/.gitignore").read_text() == "*\n"


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    store = open_reviews(tmp_path, quiet)
    assert store.all() == []
    assert store.stamp() is None
    with pytest.raises(NoSuchReviewError, match="there is no review 1"):
        store.get(1)
    assert list(tmp_path.iterdir()) == []


def test_an_equal_run_that_is_still_open_is_not_kept_twice(tmp_path: Path) -> None:
    store = open_reviews(tmp_path, quiet)
    first = store.add(review(fingerprint="a"))
    assert store.add(review(fingerprint="a")) == first
    assert store.add(review(fingerprint="b")).number == 2
    store.update(1, lambda it, _: [lifecycle.rejected(it, "no", ME)])
    assert store.add(review(fingerprint="a")).number == 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"version": true}',
        b'{"reviews": {}}',
        b'{"version": 1, "reviews": []}',
        b'{"version": 1, "reviews": {"x": {}}}',
        b'{"version": 1, "reviews": {"01": {}}}',
        b'{"version": 1, "reviews": {"1": 2}}',
        b'{"version": 1}',
        b'{"version": 1, " eviews": {}}',
        b'{"version": 1, "reviews": {}, "more": {}}',
    ],
)
@pytest.mark.parametrize("writes", [False, True])
def test_a_damaged_file_is_set_aside_and_said_so(tmp_path: Path, data: bytes, writes: bool) -> None:
    path = reviews_path(tmp_path)
    path.parent.mkdir()
    path.write_bytes(data)
    said: list[str] = []
    store = open_reviews(tmp_path, said.append)
    if writes:
        assert store.add(review()).number == 1
    else:
        assert store.all() == []
    (aside,) = path.parent.glob("reviews.damaged-*.json")
    assert aside.read_bytes() == data
    assert said == [f"{path}: the file was damaged: it is kept as {aside.name}, and reviews begin anew"]
    assert len(open_reviews(tmp_path, quiet).all()) == writes


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_bytes_that_are_overwritten_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, at: int, new: bytes
) -> None:
    root = tmp_path_factory.mktemp("root")
    open_reviews(root, quiet).add(review())
    path = reviews_path(root)
    data = bytearray(path.read_bytes())
    at %= len(data)
    data[at : at + len(new)] = new
    path.write_bytes(data)
    said: list[str] = []
    found: list[Review] = []
    try:
        found = open_reviews(root, said.append).all()
    except ReviewStoreError as error:  # the version was hit
        said.append(str(error))
    assert len(found) == 1 or len(said) == 1
    kept = [each.read_bytes() for each in path.parent.glob("reviews*.json")]
    assert bytes(data) in kept  # whatever it was taken for


def test_a_newer_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = reviews_path(tmp_path)
    path.parent.mkdir()
    path.write_text('{"version": 2, "reviews": "something else"}')
    store = open_reviews(tmp_path, quiet)
    for ask in (store.all, lambda: store.add(review())):
        with pytest.raises(
            ReviewStoreError, match=r"newer PromptBits \(format 2, this one knows 1\): update promptbits"
        ):
            ask()
    assert path.read_text() == '{"version": 2, "reviews": "something else"}'
    assert [each.name for each in path.parent.glob("*damaged*")] == []


def test_a_review_that_cannot_be_read_stays_in_the_file(tmp_path: Path) -> None:
    store = open_reviews(tmp_path, quiet)
    store.add(review())
    store.add(review(prompt_id="other"))
    path = reviews_path(tmp_path)
    table = json.loads(path.read_text("utf-8"))
    table["reviews"]["1"]["status"] = "perhaps"
    path.write_text(json.dumps(table))
    said: list[str] = []
    store = open_reviews(tmp_path, said.append)
    assert [each.number for each in store.all()] == [2]
    assert said == [f"{path}: review 1 cannot be read and is left out: status: literal_error"]
    with pytest.raises(ReviewStoreError, match="review 1 cannot be read"):
        store.get(1)
    assert store.add(review()).number == 3
    assert json.loads(path.read_text("utf-8"))["reviews"]["1"]["status"] == "perhaps"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / ".promptbits").write_text("")
    with pytest.raises(ReviewStoreError, match=r"reviews\.json: cannot be written"):
        open_reviews(tmp_path, quiet).add(review())


def test_a_folder_where_the_file_should_be(tmp_path: Path) -> None:
    reviews_path(tmp_path).mkdir(parents=True)
    for ask in (open_reviews(tmp_path, quiet).all, lambda: open_reviews(tmp_path, quiet).add(review())):
        with pytest.raises(ReviewStoreError, match=r"reviews\.json: cannot be read"):
            ask()


def test_a_stamp_differs_once_something_has_changed(tmp_path: Path) -> None:
    store = open_reviews(tmp_path, quiet)
    store.add(review())
    before = store.stamp()
    assert store.stamp() == before
    store.update(1, lambda it, _: [lifecycle.rejected(it, "no", ME)])
    assert store.stamp() != before


TEXTS = st.text(st.characters(codec=None), max_size=20)
PREDICTIONS = st.builds(Prediction, st.floats(0, 1), st.floats(0, 1), st.sampled_from(["none", "weak", "good"]))
CANDIDATES = st.builds(Candidate, TEXTS, st.lists(TEXTS, max_size=2).map(tuple), st.none() | PREDICTIONS)


@given(st.lists(CANDIDATES, max_size=3).map(tuple), TEXTS)
def test_tables_hold_any_review(candidates: tuple[Candidate, ...], text: str) -> None:
    whole = replace(review(text), candidates=candidates)
    assert review_of(json.loads(json.dumps(as_table(whole)))) == whole
    assert review_of(json.loads(json.dumps(packed(whole)))) == whole


LINES = st.lists(st.text(st.characters(codec=None), min_size=30, max_size=60), max_size=8)


@given(LINES, st.integers(0, 8), TEXTS, st.sampled_from(["\n", "\r\n", "\u2028", ""]))
def test_candidates_that_are_alike_take_little_room(lines: list[str], at: int, new: str, end: str) -> None:
    text = end.join(lines)
    whole = review(text, end.join([*lines[:at], new, *lines[at:]]), text + new, text or "x")
    table = packed(whole)
    assert review_of(json.loads(json.dumps(table))) == whole
    if len(text) > 150:
        assert "text" not in table["candidates"][1]
        assert len(json.dumps(table["candidates"][1], ensure_ascii=False)) < len(text) + 400


def test_a_basis_that_somebody_edited_gives_no_wrong_candidates(tmp_path: Path) -> None:
    store = open_reviews(tmp_path, quiet)
    store.add(review("word " * 100, "word " * 100 + "more"))
    path = reviews_path(tmp_path)
    path.write_text(path.read_text("utf-8").replace("word word", "sword word", 1))
    with pytest.raises(ReviewStoreError, match="review 1 cannot be read: candidates: the basis is not the one"):
        open_reviews(tmp_path, quiet).get(1)


class Model(RuleBasedStateMachine):
    """Sequences of operations, against a plain list."""

    def __init__(self) -> None:
        super().__init__()
        from tempfile import TemporaryDirectory

        self.folder = TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.store = open_reviews(self.root, quiet)
        self.known: list[Review] = []

    @rule(fingerprint=st.sampled_from(["", "a", "b"]))
    def add(self, fingerprint: str) -> None:
        new = review(fingerprint=fingerprint)
        same = [
            each for each in self.known if fingerprint and each.fingerprint == fingerprint and each.status == "open"
        ]
        kept = self.store.add(new)
        if not same:
            self.known.append(replace(new, number=len(self.known) + 1))
        assert kept == (same or self.known[-1:])[0]

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def refine(self, data: st.DataObject) -> None:
        above = data.draw(st.sampled_from(self.known))
        new = replace(review(), origin=Origin(above.number, 1, AFTER))
        assert self.store.add(new).number == len(self.known) + 1
        self.known.append(replace(new, number=len(self.known) + 1))

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def reject(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(self.known))
        self._decide(chosen, lambda it, _: [lifecycle.rejected(it, "no", ME)], {chosen.number: "rejected"})

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(self.known))
        outcome = Outcome(1, "in-place", "report", 1, "0" * 64)

        def change(it: Review, others: list[Review]) -> list[Review]:
            lifecycle.require_open(it)
            return lifecycle.accepted(it, others, outcome, ME)

        expected = dict.fromkeys(self._linked(chosen.number), "superseded") | {chosen.number: "accepted"}
        self._decide(chosen, change, expected)

    def _linked(self, number: int) -> set[int]:
        """Those on the way up, and all below: by brute force over pairs, unlike the function that is tested."""
        above = {each.number: each.origin.review for each in self.known if each.origin}

        def line(of: int) -> set[int]:
            return {of} | (line(above[of]) if of in above else set())

        return line(number) | {each.number for each in self.known if number in line(each.number)}

    def _decide(self, chosen: Review, change, expected: dict[int, str]) -> None:
        if chosen.status != "open":
            with pytest.raises(RefusedError, match=f"review {chosen.number} is no longer open: it was {chosen.status}"):
                self.store.update(chosen.number, change)
            return
        result = self.store.update(chosen.number, change)
        assert result.status == expected[chosen.number]
        stored = {each.number: each for each in self.store.all()}
        for at, each in enumerate(self.known):
            if each.number in expected and each.status == "open":
                now = stored[each.number]
                assert now.status == expected[each.number]
                assert now.history[:-1] == each.history
                assert now.history[-1].what == now.status
                self.known[at] = now

    @invariant()
    def all_is_there(self) -> None:
        assert open_reviews(self.root, quiet).all() == self.known

    def teardown(self) -> None:
        self.folder.cleanup()


Model.TestCase.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
TestModel = Model.TestCase
