"""Facts in files: what is written is read back, and what is no fact is told with its line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from io import BytesIO

import pytest
from facts_of_any_kind import facts_of_kind
from facts_workspace import a_text, execution, lines_of, of_csv, of_jsonl, sha, taken
from hypothesis import given
from hypothesis import strategies as st

from promptbits.facts.fields import FIELDS, KINDS, REQUIRED
from promptbits.facts.ids import content_sha256
from promptbits.facts.interchange.cells import cell, parser, text
from promptbits.facts.interchange.exporting import Exported, csv_lines, json_lines, text_line
from promptbits.facts.interchange.importing import Importer, Rehearsal
from promptbits.facts.interchange.lines import Line, Read, Refused, lines
from promptbits.facts.interchange.otlp_lines import facts_of_otlp
from promptbits.facts.store import UNKNOWN_TEXT, Fact

any_fact = st.one_of([facts_of_kind(kind, [*FIELDS[kind]], REQUIRED[kind]) for kind in KINDS])


def unmasked(value: str) -> tuple[str, int]:
    return value, 0


def of_otlp(data: bytes) -> Iterator[Read | Refused]:
    return facts_of_otlp(lines(BytesIO(data)), lambda _: None, lambda _: None)


# There and back


@given(st.lists(any_fact, max_size=4, unique_by=lambda fact: fact["id"]))
def test_jsonl_gives_back_what_was_written(facts: list[Fact]) -> None:
    data = b"".join(json_lines(facts, unmasked, Exported()))
    memory, _, refused = taken(of_jsonl(data), a_text)
    assert refused == []
    assert list(memory.facts.values()) == facts


@given(st.lists(any_fact, max_size=4, unique_by=lambda fact: fact["id"]))
def test_csv_gives_back_what_was_written(facts: list[Fact]) -> None:
    data = b"".join(csv_lines(facts, unmasked, Exported()))
    memory, _, refused = taken(of_csv(data), a_text)
    assert refused == []
    assert list(memory.facts.values()) == facts


@given(any_fact)
def test_csv_of_one_kind_has_the_columns_of_that_kind(fact: Fact) -> None:
    data = b"".join(csv_lines([fact], unmasked, Exported(), [fact["kind"]]))
    header = next(csv.reader([data.decode().split("\r\n")[0]]))
    assert set(header) == set(FIELDS[fact["kind"]])
    assert list(taken(of_csv(data))[0].facts.values()) == [fact]


@given(any_fact)
def test_no_cell_is_a_formula(fact: Fact) -> None:
    data = b"".join(csv_lines([fact], unmasked, Exported())).decode()
    for each in list(csv.reader(io.StringIO(data, newline="")))[1]:
        try:
            float(each)
        except ValueError:
            assert not each.startswith(tuple("=+-@\t\r\n＝＋－＠"))


@given(st.text())
def test_a_text_survives_its_cell(value: str) -> None:
    assert cell(value) != ""
    assert text(cell(value)) == value


def test_apostrophes_that_others_wrote_stay() -> None:
    assert [text(each) for each in ("'tis", "it's", "'", "'=1")] == ["'tis", "it's", "", "=1"]


SAMPLES = ["0.5", "1", "true", "[]", "{}", '[{"name": "x"}]', "abc", "0" * 64, "01a1f9d6-780a-7c66-bfff-006295f73699"]
SAMPLES += ["2026-11-20T16:00:00Z", "succeeded", "winner", "proposed", "execution", "scorer", "rolled_back"]


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in KINDS for field in FIELDS[kind]])
def test_every_field_can_be_read_from_a_cell(kind: str, field: str) -> None:
    """A field that is new is read as text, which its check refuses unless it is one."""

    def fits(sample: str) -> bool:
        try:
            FIELDS[kind][field](parser(field)(sample))
        except ValueError:
            return False
        return True

    assert any(fits(sample) for sample in SAMPLES)
    assert parser(field)("1" if fits("1") else next(sample for sample in SAMPLES if fits(sample))) is not None


def test_texts_are_written_and_kept() -> None:
    content = "half a \ud800 character"
    memory, importer, refused = taken(of_jsonl(text_line(content_sha256(content), content) + text_line(sha("a"), "a")))
    assert memory.texts == {content_sha256(content): content, sha("a"): "a"}
    assert (importer.tally.texts, refused) == (2, [])


def test_a_text_under_a_false_hash_is_refused() -> None:
    memory, _, refused = taken(of_jsonl(text_line(sha("a"), "b")))
    assert memory.texts == {}
    assert refused == [Refused(1, "text: content_sha256 is not the SHA-256 of content")]


# Texts of revisions


def test_a_fact_without_a_hash_gets_the_text_of_its_revision() -> None:
    facts = [
        execution(0, revision=1),
        execution(1, revision=2),
        execution(2),
        execution(3, revision=1, content_sha256=sha("x")),
    ]
    memory, importer, _ = taken(of_jsonl(lines_of(*facts)), a_text)
    assert [fact.get("content_sha256") for fact in memory.facts.values()] == [sha("do it"), None, None, sha("x")]
    assert memory.texts == {sha("do it"): "do it"}
    assert importer.tally.filled == 1


def test_a_feedback_on_an_execution_gets_no_text_of_its_own() -> None:
    about = {"kind": "feedback", "rating": 5, "revision": 1}
    facts = [execution(0, **about) | {"execution_id": execution()["id"]}, execution(1, **about)]
    for fact in facts:
        del fact["outcome"]
    memory, _, refused = taken(of_jsonl(lines_of(*facts)), a_text)
    assert refused == []
    assert [fact.get("content_sha256") for fact in memory.facts.values()] == [None, sha("do it")]


def test_what_was_exported_as_text_unknown_stays_so() -> None:
    fact = execution(0, revision=1, metadata={})
    for data, read in ((json_lines, of_jsonl), (csv_lines, of_csv)):
        memory, importer, _ = taken(read(b"".join(data([fact], unmasked, Exported()))), a_text)
        assert list(memory.facts.values()) == [fact]
        assert importer.tally.filled == 0
    assert json.loads(b"".join(json_lines([fact], unmasked, Exported())))["content_sha256"] == UNKNOWN_TEXT


def test_what_users_write_is_kept_only_if_asked() -> None:
    fact = execution(0, kind="feedback", text="so bad")
    assert next(iter(taken(of_jsonl(lines_of(fact)))[0].facts.values()))["text"] == "so bad"
    memory, importer, _ = taken(of_jsonl(lines_of(fact)), keep_text=False)
    assert "text" not in next(iter(memory.facts.values()))
    assert importer.tally.dropped_texts == 1


# Lines


def test_lines_end_at_line_feeds_and_a_byte_order_mark_is_dropped() -> None:
    found = list(lines(BytesIO(b"\xef\xbb\xbfa\r\nb\xe2\x80\xa8c\n\nd")))
    assert found == [Line(1, b"a\r\n"), Line(2, b"b\xe2\x80\xa8c\n"), Line(3, b"\n"), Line(4, b"d")]


@pytest.mark.parametrize("length", range(3, 15))
def test_a_line_that_is_too_long_is_passed_over(length: int) -> None:
    found = list(lines(BytesIO(b"ab\n" + b"x" * length + b"\ncd\n"), longest=4))
    assert found[0] == Line(1, b"ab\n")
    assert found[1] == Line(2, b"xxx\n" if length == 3 else None)
    assert found[2:] == [Line(3, b"cd\n")]


def test_what_is_no_fact_is_told_with_its_line() -> None:
    good = lines_of(execution())
    bad = [b"{", b"[1]", b'"\xff"', lines_of(execution(1, outcome="maybe")).strip(), b"", b'{"kind": "x"}', b"\0\1"]
    bad.append(b'{"kind": "execution", "timestamp": "yesterday", "prompt_id": "a", "outcome": "failed"}')
    bad.append(b"[" * 100_000)
    memory, importer, refused = taken(of_jsonl(good + b"\n".join(bad) + b"\n" + lines_of(execution(2))))
    assert len(memory.facts) == 2
    by_line = {each.line: each.why for each in refused}
    assert sorted(by_line) == [2, 3, 4, 5, 7, 8, 9, 10]
    assert by_line[2].startswith("not JSON: ")
    assert by_line[3] == "expected a JSON object, one a line"
    assert by_line[4] == "not UTF-8 at byte 2"
    assert by_line[5] == "execution: outcome: expected one of succeeded, failed, unknown"
    assert by_line[9].startswith("timestamp: expected an RFC 3339 time")
    assert importer.tally.refused == 8


def test_a_rehearsal_changes_nothing_and_counts_what_is_known() -> None:
    known = execution()
    refused: list[Refused] = []
    importer = Importer(Rehearsal(lambda fact_id: fact_id == known["id"]), a_text, refused.append)
    for _ in importer.run(of_jsonl(lines_of(known, execution(1, revision=1), execution(2, outcome="?")))):
        pass
    assert (importer.tally.added, importer.tally.repeated, [each.line for each in refused]) == (1, 1, [3])


# OTLP

SPAN = {
    "traceId": "5b8efff798038103d269b633813fc60c",
    "spanId": "eee19b7ec3c1b174",
    "name": "chat m1",
    "startTimeUnixNano": "1795190400000000000",
    "endTimeUnixNano": "1795190400840000000",
    "attributes": [
        {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
        {"key": "gen_ai.prompt.name", "value": {"stringValue": "one"}},
        {"key": "gen_ai.prompt.version", "value": {"stringValue": "1"}},
    ],
}


def request(*spans: object) -> dict[str, object]:
    return {"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}


@pytest.mark.parametrize("indent", [None, 2])
def test_otlp_in_one_line_or_many(indent: int | None) -> None:
    memory, _, refused = taken(of_otlp(json.dumps(request(SPAN), indent=indent).encode()), a_text)
    assert refused == []
    (fact,) = memory.facts.values()
    assert (fact["prompt_id"], fact["execution_time_ms"], fact["content_sha256"]) == ("one", 840, sha("do it"))


def test_otlp_lines_as_collectors_write_them() -> None:
    other = SPAN | {"spanId": "eee19b7ec3c1b175"}
    data = [json.dumps(request(SPAN)), "{", "[]", json.dumps(request(other, SPAN | {"traceId": "?"}))]
    memory, _, refused = taken(of_otlp("\n".join(data).encode()))
    assert len(memory.facts) == 2
    assert [each.line for each in refused] == [2, 3, 4]
    assert refused[2].where.startswith("resourceSpans[0]")


def test_otlp_that_is_cut_off() -> None:
    data = json.dumps(request(SPAN), indent=2).encode()[:-20]
    _, _, refused = taken(of_otlp(data))
    assert len(refused) == 1
    assert refused[0].why.startswith("not JSON")
