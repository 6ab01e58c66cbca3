"""The forms of `source`, and versions: every message with its place."""

from typing import Any

import pytest
from check_helpers import codes, findings, prompt, said

from promptbits.checks.catalogue import CHECKS

SOURCES = "Builtin, Custom, Learned, LLMGenerated, CommunityContributed"
TIMESTAMP = "a timestamp is RFC 3339 in UTC, such as 2026-05-01T12:00:00Z"


def generated(**details: Any) -> dict[str, Any]:
    return prompt(source={"LLMGenerated": {"model": "m", "timestamp": "2026-05-01T12:00:00Z"} | details})


CASES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "source": (
        prompt(source="Me"),
        "invalid-value",
        'source must be one of "Builtin", "Custom", "Learned", "LLMGenerated", "CommunityContributed"',
        '"Me"',
    ),
    "source meant": (
        prompt(source="custom"),
        "invalid-value",
        'source is not one of its values: did you mean "Custom"?',
        '"custom"',
    ),
    "source is a number": (
        prompt(source=3),
        "wrong-type",
        f"source must be one of {SOURCES}, or one of them with its details",
        "3",
    ),
    "source is empty": (
        prompt(source={}),
        "wrong-type",
        f"source must be one of {SOURCES}, or one of them with its details",
        "{",
    ),
    "source is two": (
        prompt(source={"Learned": {"from_feedback": []}, "CommunityContributed": {"author": "a"}}),
        "wrong-type",
        f"source must be one of {SOURCES}, or one of them with its details",
        "{",
    ),
    "source without details": (
        prompt(source={"Custom": {}}),
        "invalid-value",
        'source has no details for "Custom": one of LLMGenerated, CommunityContributed, Learned',
        '"Custom"',
    ),
    "source kind meant": (
        prompt(source={"LlmGenrated": {}}),
        "invalid-value",
        'source has no details for "LlmGenrated": did you mean "LLMGenerated"?',
        '"LlmGenrated"',
    ),
    "details are a string": (
        prompt(source={"LLMGenerated": "x"}),
        "wrong-type",
        "the details of LLMGenerated are an object with model, timestamp",
        '"x"',
    ),
    "detail is missing": (
        prompt(source={"LLMGenerated": {"model": "m"}}),
        "missing-key",
        'the key "timestamp" is missing in source.LLMGenerated',
        "{",
    ),
    "detail too many": (
        generated(prompt="p"),
        "unknown-key",
        'LLMGenerated has no detail "prompt": one of model, timestamp',
        '"prompt"',
    ),
    "detail of another type": (
        generated(model=5),
        "wrong-type",
        "model is a number: it must be a string",
        "5",
    ),
    "detail is empty": (generated(model=""), "invalid-value", "model must not be empty", '""'),
    "author is empty": (
        prompt(source={"CommunityContributed": {"author": ""}}),
        "invalid-value",
        "author must not be empty",
        '""',
    ),
    "date": (generated(timestamp="2026-05-01"), "invalid-value", TIMESTAMP, '"2026-05-01"'),
    "time zone": (
        generated(timestamp="2026-05-01T12:00:00+02:00"),
        "invalid-value",
        TIMESTAMP,
        '"2026-05-01T12:00:00+02:00"',
    ),
    "line break behind": (
        generated(timestamp="2026-05-01T12:00:00Z\n"),
        "invalid-value",
        TIMESTAMP,
        '"2026-05-01T12:00:00Z\\n"',
    ),
    "feedback": (
        prompt(source={"Learned": {"from_feedback": [1]}}),
        "wrong-type",
        "from_feedback is a list of fact ids",
        "[",
    ),
    "feedback is empty": (
        prompt(source={"Learned": {"from_feedback": [""]}}),
        "wrong-type",
        "from_feedback is a list of fact ids",
        "[",
    ),
    # Version
    "version": (
        prompt(version="newest"),
        "invalid-version",
        'a version is *, a release line (14.2 or 4.x), 14.0+ or a range such as ">=3.2,<4"',
        '"newest"',
    ),
    "version meant": (
        prompt(version="v1.2"),
        "invalid-version",
        'a version is *, a release line (14.2 or 4.x), 14.0+ or a range such as ">=3.2,<4" (did you mean "1.2"?)',
        '"v1.2"',
    ),
    "version is a number": (prompt(version=14), "wrong-type", "version is a number: it must be a string", "14"),
}


@pytest.mark.parametrize(("value", "code", "message", "place"), CASES.values(), ids=CASES.keys())
def test_each_has_its_words_and_its_place(value: dict[str, Any], code: str, message: str, place: str) -> None:
    # An id that is not kebab-case differs from the file name as well, which is told apart.
    assert [each for each in said(value) if each[0] != "id-file-name"] == [(code, message, place)]
    severity = next(each.severity for each in findings(value) if each.code == code)
    assert severity == CHECKS[code].severity


def test_a_date_that_no_calendar_knows_is_a_warning() -> None:
    for timestamp in ("2026-02-30T12:00:00Z", "2026-13-01T12:00:00Z", "2026-05-01T24:00:01Z", "2026-05-01T12:61:00Z"):
        (finding,) = findings(generated(timestamp=timestamp))
        assert (finding.code, finding.severity) == ("invalid-value", "warning")
        assert finding.message == "there is no such date or time"
    for timestamp in ("2024-02-29T12:00:00Z", "2016-12-31T23:59:60Z", "2026-05-01T12:00:00.123456789+00:00"):
        assert codes(generated(timestamp=timestamp)) == []
