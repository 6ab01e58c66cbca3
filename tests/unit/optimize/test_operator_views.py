"""How a prompt is taken apart for the operators, and how their edits are put together."""

from __future__ import annotations

import pytest

from promptbits.optimize.operators.edits import Edit, apart, apply, merged
from promptbits.optimize.operators.sections import kind_of
from promptbits.optimize.operators.view import View
from promptbits.optimize.terms import Basis


def view(text: str) -> View:
    return View(Basis(text, {"name": ""}))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One thing. Another thing.", ["One thing.", "Another thing."]),
        ("Use names, e.g. Tom or Ann. Then stop.", ["Use names, e.g. Tom or Ann.", "Then stop."]),
        ("See `a. B` here. `b` is next.", ["See `a. B` here.", "`b` is next."]),
        ("It is 1.5 or 2. Yes? No!", ["It is 1.5 or 2.", "Yes?", "No!"]),
        ("- **Names:** Short ones. Clear ones.\n- Last", ["Short ones.", "Clear ones.", "Last"]),
        ("A line\nthat goes on. And ends.", ["A line\nthat goes on.", "And ends."]),
    ],
)
def test_sentences(text, sentences):
    seen = view(text)
    assert [seen.text[each.start : each.end] for each in seen.sentences] == sentences


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Write the tests.", "text"), ("- a", "item"), ("12. a", "item"), ("  * a", "item"), ("---", "rule"),
        ("# a", "heading"), ("| a | b |", "table"), ("> a", "quote"), ("<rules>", "tag"), ("", "blank"),
        ("const a = 1;", "code"), ("import os, sys (all)", "text"), ("// a comment", "code"),
        ('"key": "value",', "code"),
        ("cy.get('a').should('b');", "code"), ("$ make test", "code"), ("Given the user is logged in", "code"),
        ("When asked for code, give code.", "text"), ("name: |", "code"), ("function a() {", "code"),
    ],
)  # fmt: skip
def test_kinds_of_lines(line, kind):
    assert [each.kind for each in view(f"\n{line}\n").lines] == ["blank", kind, "blank"]


def test_all_is_code_up_to_the_bracket_that_closes():
    kinds = [each.kind for each in view("const a = [\n  one thing,\n  another\n];\nWrite the tests.").lines]
    assert kinds == ["code", "code", "code", "code", "text"]


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Write the tests for this file and name it.", True),
        ("Use proper schema design\nImplement proper caching\nAvoid globals", True),
        ("Lies die Datei und schreibe die Fehler auf, die du nicht verstehst.", False),
        ("Lis le fichier et note les erreurs que tu ne comprends pas.", False),
        ("ファイルを読んで、エラーを書いてください。", False),
        ("", False),
        ("```\nWrite the tests for this file and name it.\n```", False),
    ],
)
def test_english(text, english):
    assert view(text).english is english


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("IDENTITY and PURPOSE", "role"), ("Steps", "steps"), ("OUTPUT INSTRUCTIONS", "output"), ("Input:", "input"),
        ("Input Processing", "other"), ("Rules", "rules"), ("Do not", "other"), ("Avoid", "other"),
        ("Self-check", "check"), ("Examples", "examples"), ("Background", "context"), ("Caching", "other"),
    ],
)  # fmt: skip
def test_kinds_of_sections(title, kind):
    assert kind_of(title) == kind


def test_what_is_no_instruction_is_not_prose():
    for text in ("I said you should go.", "> You should go.", "Example: you should go.", '"a', "| you | should |"):
        assert set(view(text).prose) <= {"\0", "\n"}


def test_edits_that_meet_are_not_merged():
    first, second = [Edit(0, 2, "x")], [Edit(2, 3, "")]
    assert merged(first, second) is None
    assert apart(second, first) == []
    assert merged(first, [Edit(3, 4, "y")]) == [Edit(0, 2, "x"), Edit(3, 4, "y")]


def test_additions_at_one_place_follow_each_other():
    both = merged([Edit(1, 1, "x")], [Edit(1, 1, "y")])
    assert both is not None
    assert apply("ab", both) == "axyb"
