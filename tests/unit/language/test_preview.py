"""What people read instead of JSON: a prompt as it renders, and two of them compared."""

import json
from typing import Any

from promptbits.checks.snapshot import Snapshot
from promptbits.language.preview import compared, rendered
from promptbits.text.document import Document


def document(**fields: Any) -> Document:
    return Document.from_text(json.dumps({"id": "demo", "confidence": 0.5, **fields}))


def test_defaults_are_filled_in_and_the_rest_stands_as_it_is() -> None:
    variables = {"who": {"default": "the <<team>>"}, "what": {}}
    shown = rendered(Snapshot(document(content="<<who>>, {{ what }}, <<other>>, \\<<who>>", variables=variables)))
    assert shown == "the <<team>>, {{ what }}, <<other>>, <<who>>"


def test_a_prompt_that_cannot_be_rendered_says_why() -> None:
    broken = Snapshot(document(content="<<n>>", variables={"n": {"type": "number", "default": "x"}}))
    assert rendered(broken) == "This prompt cannot be rendered: variable 'n': the default is a string, not a number\n"


def test_two_prompts_are_compared_in_words() -> None:
    before = document(content="# One\n\nSay <<x>>.\n", tags=["a"])
    after = document(content="# One\n\nShout <<x>>.\n", tags=["b"])
    text = compared(before, after, ("a.json", "b.json"))
    lines = text.splitlines()
    assert lines[:2] == ["--- a.json", "+++ b.json"]
    assert {"-Say <<x>>.", "+Shout <<x>>."} <= set(lines)
    assert any(line.startswith("-tags") for line in lines)
    assert " # One" in lines


def test_line_ends_that_all_lines_have_are_no_sign_on_each() -> None:
    text = compared(document(content="One\r\nTwo\r\n"), document(content="One\r\n2\r\n"), ("a", "b"))
    assert text.endswith(" One\n-Two\n+2\n")
    assert "+One\\u000d\n" in compared(document(content="One\n"), document(content="One\r\n"), ("a", "b"))


def test_what_says_the_same_has_no_difference() -> None:
    one = Document.from_text('{"id": "a", "content": "caf\\u00e9"}')
    other = Document.from_text('{\n  "id": "a",\n  "content": "café"\n}')
    assert compared(one, other, ("a", "b")) == ""


def test_text_that_is_no_prompt_is_compared_as_it_is() -> None:
    text = compared(
        Document.from_text('{\n"id": "demo'), Document.from_text('{\n"id": "demo",\n"content": "x"}'), ("a", "b")
    )
    assert text == '--- a\n+++ b\n@@ -1,2 +1,3 @@\n {\n-"id": "demo\n\\ No newline at end of file\n' + (
        '+"id": "demo",\n+"content": "x"}\n\\ No newline at end of file\n'
    )
