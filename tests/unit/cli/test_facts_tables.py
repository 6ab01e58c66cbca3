"""CSV of others, and facts that come without an id."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from facts_workspace import lines_of, of_csv, of_jsonl, taken
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.facts.fields import FIELDS, KINDS
from promptbits.facts.interchange.csv_table import HeaderError, columns
from promptbits.facts.interchange.identity import Ids
from promptbits.facts.interchange.lines import Refused, lines
from promptbits.facts.interchange.otlp_lines import facts_of_otlp
from promptbits.facts.store import Fact

# Ids

ROW = "2026-11-20T16:00:00Z,one,succeeded,12"
HEAD = "timestamp,prompt_id,outcome,execution_time_ms"


def ids_of(*rows: str) -> list[str]:
    return [*taken(of_csv("\n".join((HEAD, *rows))))[0].facts]


def test_rows_without_an_id_get_the_same_one_each_time() -> None:
    other = ROW.replace("12", "13")
    assert ids_of(ROW, other) == ids_of(ROW, other)
    assert len(set(ids_of(ROW, other))) == 2


@given(st.lists(st.sampled_from([ROW, ROW.replace("12", "13"), ROW.replace("one", "two")]), max_size=8), st.randoms())
@settings(max_examples=30)
def test_the_order_of_rows_does_not_matter_and_equal_ones_are_all_counted(
    rows: list[str], chance: random.Random
) -> None:
    shuffled = chance.sample(rows, len(rows))
    assert sorted(ids_of(*rows)) == sorted(ids_of(*shuffled))
    assert len(set(ids_of(*rows))) == len(rows)


def test_an_id_holds_the_time_of_its_fact() -> None:
    (made,) = ids_of(ROW)
    assert int(made.replace("-", "")[:12], 16) == 1795190400000


def test_the_same_fact_has_the_same_id_in_every_form() -> None:
    (from_csv,) = ids_of(ROW)
    fact = {"prompt_id": "one", "outcome": "succeeded", "execution_time_ms": 12, "kind": "execution"}
    data = lines_of(fact | {"timestamp": "2026-11-20T17:00:00+01:00"})
    assert [*taken(of_jsonl(data))[0].facts] == [from_csv]


def test_many_ids_need_no_memory_of_their_own() -> None:
    with Ids() as ids:
        made = {ids.id_of({"timestamp": "2026-11-20T16:00:00Z"}) for _ in range(2_000)}
    assert len(made) == 2_000


# CSV of others


def facts_in(data: bytes | str, kind: str = "execution") -> list[Fact]:
    memory, _, refused = taken(of_csv(data, kind))
    assert refused == []
    return list(memory.facts.values())


def test_columns_of_other_names_go_to_the_metadata() -> None:
    (fact,) = facts_in("timestamp,Prompt_ID,outcome,Region,label,empty\n2026-11-20T16:00:00Z,one,failed,eu,=x,\n")
    assert fact["metadata"] == {"Region": "eu", "label": "=x"}
    assert fact["prompt_id"] == "one"


def test_metadata_of_both_kinds_is_joined() -> None:
    (fact,) = facts_in('timestamp,prompt_id,outcome,metadata,a\n2026-11-20T16:00:00Z,one,failed,"{""b"": 1}",x\n')
    assert fact["metadata"] == {"a": "x", "b": 1}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_spreadsheets_of_all_countries(delimiter: str, end: str) -> None:
    data = end.join((HEAD.replace(",", delimiter), ROW.replace(",", delimiter), "")).encode("utf-8-sig")
    (fact,) = facts_in(data)
    assert fact["execution_time_ms"] == 12


def test_numbers_as_tables_write_them() -> None:
    (fact,) = facts_in(f"{HEAD},revision,input_tokens,cost_usd,forced\n{ROW}.5,1.0, 7 ,1e-05,TRUE\n")
    assert [fact[name] for name in ("execution_time_ms", "revision", "input_tokens", "cost_usd")] == [12.5, 1, 7, 1e-05]
    assert fact["forced"] is True


def test_the_kind_of_rows_can_be_said() -> None:
    (fact,) = facts_in("timestamp,prompt_id,rating\n2026-11-20T16:00:00Z,one,4.5\n", "feedback")
    assert (fact["kind"], fact["rating"]) == ("feedback", 4.5)


def test_rows_that_are_no_facts_are_told_with_the_line_they_begin_in() -> None:
    rows = [
        HEAD,
        ROW,
        ROW.replace("one", '"o\nn\ne"'),  # lines 3 to 5
        ROW.replace("12", "soon"),
        f"{ROW},more",
        ROW.replace("succeeded", "great"),
        'a"b,"c"d,,',
        "",
        ROW.replace("12", "14"),
    ]
    memory, _, refused = taken(of_csv("\n".join(rows)))
    assert [fact["prompt_id"] for fact in memory.facts.values()] == ["one", "o\nn\ne", "one"]
    assert {each.line: each.why for each in refused} == {
        6: "execution_time_ms: expected a number",
        7: "5 cells where the header has 4",
        8: "execution: outcome: expected one of succeeded, failed, unknown",
        9: "not CSV: ',' expected after '\"'",
    }


def test_a_quotation_mark_that_is_never_closed() -> None:
    memory, _, refused = taken(of_csv(f'{HEAD}\n{ROW}\n"2026-11-20T16:00:00Z,one,failed,1\n{ROW}\n'))
    assert len(memory.facts) == 1
    assert refused == [Refused(3, "not CSV: a quotation mark is never closed")]


def test_rows_that_are_not_utf_8() -> None:
    memory, _, refused = taken(
        of_csv(f"{HEAD}\n{ROW}\n".encode() + ROW.replace("one", "\xe9").encode("latin-1") + b"\n")
    )
    assert (len(memory.facts), refused) == (1, [Refused(3, "not UTF-8 at byte 22")])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("a,b,c\n1,2,3\n", "the first line must name the columns"),
        ("timestamp,outcome\n", "there is no prompt_id"),
        ("outcome\n", "there is no timestamp and no prompt_id"),
        ("kind,prompt_id\n", "there is no timestamp"),
        (f"{HEAD},Outcome\n", "the header names 1 columns more than once"),
        (b"\xff\xfe\n", "line 1: not UTF-8"),
        ("\n", "the first line must name the columns"),
    ],
)
def test_headers_that_are_none(data: bytes | str, words: str) -> None:
    with pytest.raises(HeaderError, match=words):
        list(of_csv(data))


def test_an_empty_file_holds_no_facts() -> None:
    assert (
        list(of_csv(""))
        == list(of_jsonl(b""))
        == list(facts_of_otlp(lines(BytesIO()), lambda _: None, lambda _: None))
        == []
    )


def test_the_columns_begin_with_what_tells_facts_apart() -> None:
    assert columns()[:3] == ("kind", "id", "timestamp")
    assert set(columns()) == {field for kind in KINDS for field in FIELDS[kind]}
