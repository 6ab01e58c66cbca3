"""Text that is almost a placeholder: what is told and how it is mended, and all the marks that have another use."""

import json
from typing import Any

import pytest
from check_helpers import codes, findings, mended, prompt, said


def about(content: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    """A prompt that surely uses `topic`, followed by a content to try."""
    declared = {"topic": {}, "user_name": {}, "a.b": {}} if variables is None else variables
    uses = " ".join(f"<<{name}>>" for name in declared)
    return prompt(content=f"{uses}\n\n{content}", variables=declared)


MISSES = {
    "one mark short": ("<<topic>", "<<topic>>"),
    "one mark short in front": ("<topic>>", "<<topic>>"),
    "brace short": ("{{ topic }", "{{ topic }}"),
    "brace short in front": ("{topic}}", "{{ topic }}"),
    "blanks between angles": ("<< topic >>", "<<topic>>"),
    "one blank": ("<<topic >>", "<<topic>>"),
    "one mark over": ("<<topic>>>", "<<topic>>"),
    "one mark over in front": ("<<<topic>>", "<<topic>>"),
    "three braces": ("{{{topic}}}", "{{ topic }}"),
    "three braces in front": ("{{{ topic }}", "{{ topic }}"),
    "brace over": ("{{topic}}}", "{{ topic }}"),
    "hyphen": ("<<user-name>>", "<<user_name>>"),
    "hyphen in braces": ("{{ user-name }}", "{{ user_name }}"),
    "blank for underscore": ("<<user name>>", "<<user_name>>"),
    "line break in braces": ("{{\n  topic\n}}", "{{ topic }}"),
    "dotted": ("<<a.b>", "<<a.b>>"),
    "in a sentence": ("(see <<topic>, please)", "<<topic>>"),
    "in inline code": ("Look into `<<topic>/src`.", "<<topic>>"),
    "in a URL": ("https://example.org/{{topic}/x", "{{ topic }}"),
    "behind an arrow": ("a -> <topic>>", "<<topic>>"),
    "behind a quotation mark": ("> <topic>>", "<<topic>>"),
}


@pytest.mark.parametrize(("text", "written"), MISSES.values(), ids=MISSES.keys())
def test_a_near_miss_is_told_and_mended(text: str, written: str) -> None:
    value = about(text)
    found = [each for each in findings(value) if each.code != "mixed-delimiters"]
    assert [(each.code, each.message) for each in found] == [
        ("malformed-placeholder", f"this is not a placeholder: write {written}")
    ]
    content = json.loads(mended(value, "malformed-placeholder"))["content"]
    assert written in content.split("\n\n", 1)[1]
    assert "malformed-placeholder" not in codes(about(content.split("\n\n", 1)[1]))


# A third mark that belongs to the text around: nothing of it may be lost.
THIRD = {
    "generic type": ("Result<T, <<topic>>>", "Result<T, <<topic>> >"),
    "generic type in code": ("```rust\nfn f() -> Result<T, <<topic>>> {}\n```", "Result<T, <<topic>> >"),
    "two generic types": ("Option<Result<T, <<topic>>>>", "Option<Result<T, <<topic>> >>"),
    "closing tag": ("<<topic>>…</<<topic>>>", "</<<topic>> >"),
    "object": ('{"query": {{topic}}}', '{"query": {{ topic }} }'),
    "object in code": ('```json\n{"a": {"b": {{ topic }}}}\n```', '{"a": {"b": {{ topic }} }}'),
    "opening mark": ("the range <<<topic>>, 5>", "<{{ topic }}, 5>"),
}


@pytest.mark.parametrize(("text", "fixed"), THIRD.values(), ids=THIRD.keys())
def test_a_third_mark_of_the_text_is_kept_apart(text: str, fixed: str) -> None:
    value = about(text)
    (finding,) = [each for each in findings(value) if each.code == "malformed-placeholder"]
    assert finding.message.startswith("a third ")
    assert "so this is not a placeholder: write " in finding.message
    mended_text = mended(value, "malformed-placeholder")
    assert fixed in json.loads(mended_text)["content"]
    assert "malformed-placeholder" not in codes(mended_text)


def test_a_filter_is_told_and_left_to_the_author() -> None:
    (finding,) = [each for each in findings(about("{{ topic | upper }}")) if each.code == "malformed-placeholder"]
    assert finding.message == "a placeholder has no filter: write {{ topic }}"
    assert finding.fix is None


def test_three_angles_may_be_a_delimiter_and_are_left_to_the_author() -> None:
    (finding,) = findings(about("<<<topic>>>"))
    assert (finding.code, finding.fix) == ("malformed-placeholder", None)


FINE = {
    "tag": "<topic>…</topic>",
    "tag with blanks": "< topic >",
    "brace": "{topic} and { topic }",
    "brackets": "[[topic]] [topic] (topic)",
    "shell": "${topic} $topic $(topic)",
    "actions": "${{ topic }} and ${{topic}}",
    "percent": "{% topic %} %topic%",
    "block helpers": "{{#each topic}}{{/topic}}{{> topic}}{{! topic }}{{^topic}}{{& topic}}",
    "call": "{{ topic() }} {{ topic[0] }} {{ topic + 1 }} {{ 'topic' }} {{ topic || 'x' }}",
    "generic": "Vec<topic> Vec<topic>> Vec<Vec<topic>> HashMap<String, Vec<topic>>",
    "generic with a reference": "Vec<&<topic>>",
    "comparison": "if x < topic >> 2 or x << topic > 2",
    "kernel launch": "run<<<topic>>>(a, b)",
    "escaped": "\\<<topic>> \\<<topic> \\{{ topic }}",
    "object": '{"a": {topic}} and ({{topic}, other})',
    "object over lines": '{\n  "a": {topic}}',
    "shorthand": "f({data:{topic}})",
    "fenced": "```\n<<topic> {{topic} << topic >> {{{topic}}} {{ topic | upper }} <<user-name>>\n```",
    "shown in code": "`<< topic >>`, `{{{topic}}}`, `{{ topic | upper }}`, ``<<user-name>>``",
    "many marks": "<<<<topic>>>> {{{{topic}}}} <<<<<<< topic >>>>>>>",
    "another name": "<<other> {{{other}}} << other >>",
    "no closing mark": "<<topic and {{topic",
    "heredoc": "cat <<topic\ntext\ntopic",
    "stream": "out<<topic>5",
    "attribute": 'style={{color: "red"}} :key="{topic}"',
    "arrows": "topic>>topic<<topic",
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE.keys())
def test_marks_with_other_uses_are_left_alone(text: str) -> None:
    assert [each for each in said(about(text)) if each[0] == "malformed-placeholder"] == []


def test_without_declarations_there_is_no_near_miss() -> None:
    assert said(prompt(content="<<topic> {{{topic}}} << topic >>")) == []


def test_a_name_that_none_can_have_is_never_written() -> None:
    # The name is told; `<<my-topic>>` would be no placeholder either.
    assert codes(prompt(content="<<my-topic>>", variables={"my-topic": {}})) == ["invalid-value"]
    assert (
        codes(prompt(content="<<my_topik>>", variables={"my topic": {}}))
        == ["invalid-value", "undeclared-variable"][::-1]
    )
