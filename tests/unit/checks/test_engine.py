"""The engine: order, levels and overrides, what is left to another JSON server, and quiet while somebody types."""

import json

import pytest
from check_helpers import HOME, codes, findings, prompt, snapshots, text_of

from promptbits.checks import shape
from promptbits.checks.catalogue import CHECKS
from promptbits.checks.engine import check
from promptbits.prompts.settings import Override, Settings

MANY = prompt(id="Other Id", category="Stuff", version="newest", extra=1, content="<<a>> {{ b }}")


def severities(settings: Settings, value: object = MANY, path: str = HOME) -> dict[str, str]:
    assert isinstance(value, (dict, str))
    return {finding.code: finding.severity for finding in findings(value, path, settings)}


def test_findings_come_in_the_order_of_the_text() -> None:
    found = findings(MANY)
    assert [(each.start, each.end) for each in found] == sorted((each.start, each.end) for each in found)
    assert len(found) == 6


def test_a_level_is_set_and_off_is_off() -> None:
    levels = severities(Settings(checks={"invalid-version": "hint", "unknown-key": "off", "invalid-value": "warning"}))
    assert levels["invalid-version"] == "hint"
    assert levels["invalid-value"] == "warning"
    assert "unknown-key" not in levels
    assert levels["mixed-delimiters"] == "information"


def test_an_override_holds_for_its_files_and_the_last_one_wins() -> None:
    settings = Settings(
        checks={"invalid-version": "error"},
        overrides=(
            Override(("prompts/custom/**",), {"invalid-version": "hint", "unknown-key": "off"}),
            Override(("**/code-review.json",), {"invalid-version": "information"}),
        ),
    )
    assert severities(settings)["invalid-version"] == "information"
    assert "unknown-key" not in severities(settings)
    other = severities(settings, path="prompts/custom/other.json")
    assert other["invalid-version"] == "hint"
    elsewhere = severities(settings, path="prompts/learned/x.json")
    assert (elsewhere["invalid-version"], elsewhere["unknown-key"]) == ("error", "warning")


def test_what_is_milder_than_its_check_stays_milder() -> None:
    mark = "\ufeff" + text_of(prompt())
    assert severities(Settings(), mark) == {"invalid-encoding": "warning"}
    assert severities(Settings(checks={"invalid-encoding": "error"}), mark) == {"invalid-encoding": "warning"}
    assert severities(Settings(checks={"invalid-encoding": "warning"}), mark) == {"invalid-encoding": "information"}
    assert severities(Settings(checks={"invalid-encoding": "hint"}), mark) == {"invalid-encoding": "hint"}
    assert severities(Settings(checks={"invalid-encoding": "off"}), mark) == {}


def test_a_mild_check_can_be_made_an_error() -> None:
    assert severities(Settings(checks={"mixed-delimiters": "error"}))["mixed-delimiters"] == "error"


def test_semantic_leaves_the_plain_checks_to_another_server() -> None:
    found = severities(Settings(json="semantic"))
    assert set(found) == {"id-file-name", "invalid-version", "mixed-delimiters"}
    assert not any(CHECKS[code].plain for code in found)
    assert severities(Settings(json="semantic"), "{") == {}
    # Nor does a level bring them back: they would be shown twice.
    assert "unknown-key" not in severities(Settings(json="semantic", checks={"unknown-key": "error"}))


def test_every_code_is_in_the_catalogue_and_every_severity_is_its_own_or_milder() -> None:
    order = ["error", "warning", "information", "hint"]
    for finding in findings(MANY):
        assert order.index(finding.severity) >= order.index(CHECKS[finding.code].severity)


# While somebody types

WHOLE = {
    "id": "code-review",
    "description": "Looks at code",
    "trigger": {"Language": "Rust"},
    "category": "BestPractices",
    "content": 'Review <<topic>> in "<<lines>>" lines.\n\n```rs\nlet a: Vec<<topic>> = 1 << 2;\n```\n',
    "variables": {
        "topic": {"type": "string", "enum": ["a", "b"], "default": "a"},
        "lines": {"type": "integer", "default": 10, "required": False},
    },
    "confidence": 0.95,
    "source": {"LLMGenerated": {"model": "m", "timestamp": "2026-05-01T12:00:00Z"}},
    "tags": ["rust", "code-review"],
    "version": "14.0+",
    "revision": 2,
    "parent": "code-reviews",
    "related": ["commit-message"],
    "model": {"temperature": 0.5, "max_tokens": 100},
}
OTHERS = {
    "prompts/custom/code-reviews.json": prompt(id="code-reviews", trigger={"Custom": "a"}),
    "prompts/custom/commit-message.json": prompt(id="commit-message", trigger={"Custom": "b"}),
}


def typed(text: str) -> list[str]:
    """The codes of what is found in a text that is being typed among other prompts."""
    return [each.code for each in check(snapshots({**OTHERS, HOME: text})[HOME])]


@pytest.mark.parametrize("indent", [None, 2])
def test_typing_a_whole_prompt_shows_nothing_but_that_it_is_not_finished(indent: int | None) -> None:
    text = json.dumps(WHOLE, indent=indent)
    for end in range(len(text)):
        found = typed(text[:end])
        assert 1 <= len(found) <= 2, text[:end][-40:]
        assert set(found) == {"json-syntax"}, text[:end][-40:]
    assert typed(text) == []


def test_typing_a_member_into_a_finished_prompt_shows_its_own_errors_only() -> None:
    # As editors do it, with the closing mark put in at once.
    lines = json.dumps({key: value for key, value in WHOLE.items() if key != "model"}, indent=2).split("\n")
    for insert in ('"model', '"model"', '"model":', '"', '"model": {', '"model": {"name": "', '"model": {"name": "x"'):
        for at in (number for number, line in enumerate(lines) if line.startswith('  "')):
            text = "\n".join([*lines[:at], insert, *lines[at:]])
            assert set(typed(text)) <= {"json-syntax"}, (insert, lines[at - 1])


def test_a_closing_quote_that_goes_missing_is_one_error() -> None:
    text = json.dumps(WHOLE, indent=2)
    for value in ("code-review", "BestPractices", "Rust", "14.0+", "Looks at code", "integer", "commit-message"):
        broken = text.replace(f'"{value}"', f'"{value}', 1)
        assert typed(broken) == ["json-syntax"], value


def test_half_a_word_is_not_judged() -> None:
    for half in ("Best", "bestp", "X"):
        text = text_of(prompt()).replace('"BestPractices"', f'"{half}')
        assert codes(text) == ["json-syntax"]
    for half in ("0.", "-", "1.2.3", "1e"):
        assert codes(text_of(prompt()).replace("0.8", half)) == ["json-syntax"]


def test_the_rest_of_a_broken_file_is_still_checked() -> None:
    text = text_of(prompt(version="newest", extra=1)).replace('"code-review",', '"code-review"')
    assert codes(text) == ["json-syntax", "invalid-version", "unknown-key"]


def test_missing_keys_wait_for_the_syntax() -> None:
    assert codes('{"id": "code-review"') == ["json-syntax"]
    assert codes('{"id": "code-review"}') == ["missing-key"] * 5


def test_a_family_that_fails_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise LookupError("the text of an exception is nobody's business here")

    monkeypatch.setattr(shape.schema, "errors", fail)
    snapshot = snapshots({HOME: MANY})[HOME]
    failed: list[tuple[str, Exception]] = []
    found = {finding.code for finding in check(snapshot, lambda name, error: failed.append((name, error)))}
    assert {"mixed-delimiters", "id-file-name"} <= found
    assert [(name, type(error)) for name, error in failed] == [("shape", LookupError)]
    with pytest.raises(LookupError):
        check(snapshot)
