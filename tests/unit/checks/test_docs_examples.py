"""docs/checks.md and the checks say the same: severities, and what the examples on the page do."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from check_helpers import ROOT, snapshots
from docs_examples import PAGE, sections
from measured_facts import told_of, view

from promptbits.checks.catalogue import CHECKS
from promptbits.checks.engine import check
from promptbits.checks.finding import Finding
from promptbits.text.document import Document

EVERY = sorted(CHECKS)
ROW = re.compile(r"^\| \[`([a-z-]+)`\]\(#([a-z-]+)\) \| (\w+) \|( yes)? \| (.+) \|$", re.MULTILINE)


def everything(files: dict[str, Document], facts: dict[str, str]) -> list[Finding]:
    shots = snapshots(files)
    measured = view(told_of(shots[name], words) for name, words in facts.items())
    return [finding for shot in shots.values() for finding in check(replace(shot, facts=measured))]


def examples(code: str, kind: str) -> Iterable[tuple[dict[str, Document], list[Finding]]]:
    section = sections()[code]
    for files, facts in zip(section.examples[kind], section.facts[kind], strict=True):
        yield files, everything(files, facts)


def test_every_check_has_a_section_and_nothing_else_has_one() -> None:
    assert sorted(sections()) == EVERY


def test_the_table_and_the_sections_are_in_one_order_and_agree_with_the_catalogue() -> None:
    rows = ROW.findall(PAGE.read_text("utf-8"))
    assert [code for code, *_ in rows] == list(sections())
    for code, anchor, severity, plain, _ in rows:
        assert anchor == code
        assert (severity, bool(plain)) == (CHECKS[code].severity, CHECKS[code].plain), code


@pytest.mark.parametrize("code", EVERY)
def test_a_section_says_all_that_it_should(code: str) -> None:
    text = sections()[code].text
    severity = re.match(r"\n\*\*(\w+)\.\*\* \S", text)
    assert severity
    assert severity[1].lower() == CHECKS[code].severity
    for part in ("Why", "Mend", "Turn off"):
        assert re.search(rf"^\*\*{part}\.\*\* \S", text, re.MULTILINE), part
    assert f"{code} =" in text or "Better not" in text
    shown = sections()[code].examples
    assert shown["bad"]
    assert shown["good"]


@pytest.mark.parametrize("code", EVERY)
def test_bad_examples_fire_their_check_and_no_other(code: str) -> None:
    for files, found in examples(code, "bad"):
        assert {(each.code, each.severity) for each in found} == {(code, CHECKS[code].severity)}, [*files]


@pytest.mark.parametrize("code", EVERY)
def test_milder_examples_fire_their_check_as_a_warning(code: str) -> None:
    for _, found in examples(code, "warning"):
        assert {(each.code, each.severity) for each in found} == {(code, "warning")}


@pytest.mark.parametrize("code", EVERY)
def test_good_examples_fire_nothing(code: str) -> None:
    for files, found in examples(code, "good"):
        assert found == [], [*files]


def test_examples_lie_where_prompts_lie() -> None:
    for section in sections().values():
        for files in (files for kind in section.examples.values() for files in kind):
            assert all(
                shot.layer and shot.path and shot.path.is_relative_to(ROOT) for shot in snapshots(files).values()
            )


def test_the_page_holds_no_token_that_a_scanner_would_find() -> None:
    from promptbits.checks.secret_formats import find_secrets

    assert find_secrets(PAGE.read_text("utf-8")) == []
