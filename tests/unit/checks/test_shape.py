"""The shape of a prompt: every message with its place, and what is fine."""

from typing import Any

import pytest
from check_helpers import findings, prompt, said

from promptbits.checks.catalogue import CHECKS

CATEGORIES = (
    '"Commands", "Dependencies", "Configuration", "BestPractices", "Examples", "Integration", "Testing", "Deployment"'
)
KINDS = "Framework, Language, BuildSystem, Infrastructure, CodePattern, Custom"
KEBAB = "lower-case words joined by hyphens, such as code-review"
ONE_KIND = 'a trigger names exactly one kind, such as {"Language": "Rust"}: there'


def variable(**spec: Any) -> dict[str, Any]:
    return prompt(content="About <<topic>>.", variables={"topic": spec})


# The prompt, the code, the message, and the piece of source that is marked.
CASES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "missing": (prompt(category=...), "missing-key", 'the key "category" is missing', "{"),
    "unknown": (prompt(flavour=1), "unknown-key", 'a PromptBit has no key "flavour"', '"flavour"'),
    "mistyped": (prompt(tag=["x"]), "unknown-key", 'a PromptBit has no key "tag": did you mean "tags"?', '"tag"'),
    "other case": (
        prompt(Description="x"),
        "unknown-key",
        'a PromptBit has no key "Description": did you mean "description"?',
        '"Description"',
    ),
    "id is a number": (prompt(id=5), "wrong-type", "id is a number: it must be a string", "5"),
    "id is empty": (prompt(id=""), "invalid-value", f"id must be kebab-case: {KEBAB}", '""'),
    "null": (prompt(description=None), "wrong-type", "description is null: it must be a string", "null"),
    "two lines": (
        prompt(description="a\nb"),
        "invalid-value",
        "the description is one line: it holds a line break",
        '"a\\nb"',
    ),
    "category": (prompt(category="Stuff"), "invalid-value", f"category must be one of {CATEGORIES}", '"Stuff"'),
    "category meant": (
        prompt(category="testing"),
        "invalid-value",
        'category is not one of its values: did you mean "Testing"?',
        '"testing"',
    ),
    "category is a number": (prompt(category=1), "wrong-type", "category is a number: it must be a string", "1"),
    "content is a list": (prompt(content=["x"]), "wrong-type", "content is an array: it must be a string", "["),
    "no trigger kind": (prompt(trigger={}), "invalid-value", f"{ONE_KIND} is none here", "{"),
    "two trigger kinds": (
        prompt(trigger={"Language": "C", "Custom": "x"}),
        "invalid-value",
        f"{ONE_KIND} are 2 here",
        "{",
    ),
    "trigger kind": (
        prompt(trigger={"Topic": "x"}),
        "invalid-value",
        f'trigger has no kind "Topic": one of {KINDS}',
        '"Topic"',
    ),
    "trigger kind meant": (
        prompt(trigger={"Langage": "x"}),
        "invalid-value",
        'trigger has no kind "Langage": did you mean "Language"?',
        '"Langage"',
    ),
    "trigger is empty": (
        prompt(trigger={"Language": ""}),
        "invalid-value",
        "trigger.Language must not be empty",
        '""',
    ),
    "trigger is a string": (
        prompt(trigger="Rust"),
        "wrong-type",
        "trigger is a string: it must be an object",
        '"Rust"',
    ),
    "confidence is true": (
        prompt(confidence=True),
        "wrong-type",
        "confidence is a boolean: it must be a number",
        "true",
    ),
    "confidence is null": (prompt(confidence=None), "wrong-type", "confidence is null: it must be a number", "null"),
    "confidence is high": (
        prompt(confidence=1.01),
        "out-of-range",
        "confidence is 1.01, above the maximum of 1",
        "1.01",
    ),
    "confidence is low": (prompt(confidence=-1), "out-of-range", "confidence is -1, below the minimum of 0", "-1"),
    "revision is 0": (prompt(revision=0), "out-of-range", "revision is 0, below the minimum of 1", "0"),
    "revision is a part": (prompt(revision=1.5), "wrong-type", "revision is 1.5: it must be an integer", "1.5"),
    "revision is huge": (
        prompt(revision=2**53),
        "out-of-range",
        "revision is above the maximum of 9007199254740991",
        "9007199254740992",
    ),
    "tag": (
        prompt(tags=["ok", "Next JS"]),
        "invalid-value",
        'tags[1] must be kebab-case, such as "next-js"',
        '"Next JS"',
    ),
    "tag in another script": (prompt(tags=["日本"]), "invalid-value", f"tags[0] must be kebab-case: {KEBAB}", '"日本"'),
    "tags are one": (prompt(tags="rust"), "wrong-type", "tags is a string: it must be an array", '"rust"'),
    "variables are a list": (prompt(variables=["x"]), "wrong-type", "variables is an array: it must be an object", "["),
    "variable is a string": (
        prompt(content="<<topic>>", variables={"topic": "x"}),
        "wrong-type",
        "variables.topic is a string: it must be an object",
        '"x"',
    ),
    "variable type": (
        variable(type="date"),
        "invalid-value",
        'variables.topic.type must be one of "string", "number", "integer", "boolean", "array"',
        '"date"',
    ),
    "variable type as elsewhere": (
        variable(type="int"),
        "invalid-value",
        'variables.topic.type is not one of its values: did you mean "integer"?',
        '"int"',
    ),
    "variable key": (
        variable(desciption="x"),
        "unknown-key",
        'variables.topic has no key "desciption": did you mean "description"?',
        '"desciption"',
    ),
    "variable required": (
        variable(required="yes"),
        "wrong-type",
        "variables.topic.required is a string: it must be a boolean",
        '"yes"',
    ),
    "variable enum": (variable(enum=[]), "invalid-value", "variables.topic.enum must not be empty", "["),
    "variable name": (
        prompt(variables={"my-topic": {}}),
        "invalid-value",
        '"my-topic" cannot name a variable: use letters, digits and _, parts joined by dots',
        '"my-topic"',
    ),
    "model key": (
        prompt(model={"temprature": 1}),
        "unknown-key",
        'model has no key "temprature": did you mean "temperature"?',
        '"temprature"',
    ),
    "model temperature": (
        prompt(model={"temperature": 3}),
        "out-of-range",
        "model.temperature is 3, above the maximum of 2",
        "3",
    ),
    "model name": (prompt(model={"name": ""}), "invalid-value", "model.name must not be empty", '""'),
}


@pytest.mark.parametrize(("value", "code", "message", "place"), CASES.values(), ids=CASES.keys())
def test_each_has_its_words_and_its_place(value: dict[str, Any], code: str, message: str, place: str) -> None:
    # An id that is not kebab-case differs from the file name as well, which is told apart.
    assert [each for each in said(value) if each[0] != "id-file-name"] == [(code, message, place)]
    severity = next(each.severity for each in findings(value) if each.code == code)
    assert severity == CHECKS[code].severity


FINE = {
    "smallest": prompt(),
    "schema": prompt(**{"$schema": "https://example.org/promptbit.schema.json"}),
    "no confidence at all": prompt(confidence=0),
    "minus zero": prompt(confidence=-0.0),
    "exponent": prompt(confidence=1e-5),
    "whole number with a point": prompt(confidence=1.0),
    "every plain source": prompt(source="CommunityContributed"),
    "generated": prompt(source={"LLMGenerated": {"model": "m", "timestamp": "2026-05-01T12:00:00Z"}}),
    "learned from nothing yet": prompt(source={"Learned": {"from_feedback": []}}),
    "community": prompt(source={"CommunityContributed": {"author": "Ada"}}),
    "no tags": prompt(tags=[]),
    "no variables": prompt(variables={}),
    "dotted variable": prompt(content="<<user.name>>", variables={"user.name": {}}),
    "examples of any type": variable(examples=[1, None, {"a": []}]),
    "model": prompt(model={"provider": "p", "name": "n", "temperature": 0, "max_tokens": 1}),
    "versions": prompt(version=">=3.2,<4"),
    "any version": prompt(version="*"),
    "largest revision": prompt(revision=2**53 - 1),
    "description of odd blanks": prompt(description="one\u2028line\u00a0still"),
}


@pytest.mark.parametrize("value", FINE.values(), ids=FINE.keys())
def test_what_is_fine(value: dict[str, Any]) -> None:
    assert said(value) == []
