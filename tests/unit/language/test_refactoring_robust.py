"""Refactorings on whatever is there: they answer, and what renders goes on rendering the same."""

import json
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from refactoring_helpers import after, shot

from promptbits.language.places import RefusedError
from promptbits.language.refactoring import change_of, refactorings
from promptbits.prompts.render import render
from promptbits.text.document import Document

PROMPT = json.dumps(
    {
        "id": "demo",
        "trigger": {"Custom": "x"},
        "category": "Testing",
        "content": '# One\n\n<<a>> "q" é {{ b }}\\<<no>> <<c>>\n\n```py\n{{c}}\n```\n\n## Two {{a}}\n\nwords words\n',
        "variables": {"a": {"default": "x <<y>>"}, "b": {"type": "array", "default": [1]}, "c": {}},
        "confidence": 1.0,
        "source": "Custom",
        "related": ["other"],
    },
    indent=2,
)


def look_at(text: str, start: int, end: int) -> int:
    """Ask for everything and for its edits; how many were made."""
    snapshot = shot(text)
    made = 0
    for each in refactorings(snapshot, start, end):
        try:
            assert Document.from_text(after(snapshot, change_of(snapshot, each, start, end))).is_strict
            made += 1
        except RefusedError:
            continue
    return made


def test_at_every_offset() -> None:
    assert sum(look_at(PROMPT, at, at) for at in range(len(PROMPT) + 1)) > 50
    assert sum(look_at(PROMPT, at, at + 7) for at in range(-3, len(PROMPT) + 3)) > 40


def test_cut_off_at_every_offset() -> None:
    for end in range(len(PROMPT)):
        for at in range(end % 40, end + 40, 40):
            assert look_at(PROMPT[:end], at, at + end % 3) == 0


def test_with_each_character_lost() -> None:
    for lost in range(len(PROMPT)):
        text = PROMPT[:lost] + PROMPT[lost + 1 :]
        for at in range(lost % 90, len(text), 90):
            look_at(text, at, at + lost % 5)


def test_odd_documents() -> None:
    for text in (
        "",
        "{}",
        "[]",
        "null",
        '"content"',
        '{"content": 3}',
        '{"content": ""}',
        '\ufeff{"content": "<<a>>"}',
    ):
        for at in range(len(text) + 1):
            look_at(text, at, at)
            look_at(text, at, at + 3)
    for variables in ('{"a": 3}', '{"a": null}', "[]", '{"a": {"default": {"x": 1}, "type": []}}'):
        text = f'{{"content": "x\\n# <<a>> w", "variables": {variables}, "related": {{}}, "id": 3}}'
        for at in range(len(text) + 1):
            look_at(text, at, at)
            look_at(text, at, at + 3)


_PIECES = [
    "<<a>>",
    "{{a}}",
    "{{ b }}",
    "<<b>>",
    "<<c>>",
    "{{c}}",
    "\\",
    "<",
    "{",
    "$",
    ">",
    "}",
    "word",
    " ",
    "\n",
    "é",
]
_LINES = ["\n```\n", "\n- x\n", "\n# h\n", "    "]
_texts = st.lists(st.sampled_from([*_PIECES, *_LINES]), max_size=14).map("".join)
_defaults = st.lists(st.sampled_from(_PIECES), max_size=4).map("".join)


@settings(deadline=None, max_examples=400)
@given(_texts, _defaults, st.booleans(), st.data())
def test_the_prompt_renders_the_same(content: str, default: str, is_declared: bool, data: st.DataObject) -> None:
    fields: dict[str, Any] = {"content": content}
    if is_declared:
        fields["variables"] = {"a": {"default": default}, "b": {"type": "integer", "default": 1}}
    text = json.dumps(fields, indent=2)
    snapshot = shot(text)
    first = data.draw(st.integers(0, len(content)), "from")
    last = data.draw(st.integers(first, min(first + 6, len(content))), "to")
    start, end = snapshot.content_range(first, last)
    # Values hold marks as well: none is ever read again.
    every: dict[str, Any] = {"a": "{{ b }}", "b": 2 if is_declared else "<", "c": "<<a>>"}
    known = {*(snapshot.variables or ()), *(use.name for use in snapshot.placeholders)}
    for each in refactorings(snapshot, start, end):
        try:
            found = json.loads(after(snapshot, change_of(snapshot, each, start, end)))
        except RefusedError:
            event(f"{each.name} refused")
            continue
        event(each.name)
        # Neither the inlined variable nor the new one has a value.
        values = {name: value for name, value in every.items() if name in known and name != each.argument}
        assert rendered(found, values) == rendered(fields, values)
        if each.kind != "refactor.rewrite":  # without a value, a placeholder stands as it is written
            assert rendered(found, {}) == rendered(fields, {})


def rendered(fields: dict[str, Any], values: dict[str, Any]) -> str:
    return render(fields["content"], fields.get("variables"), values, partial=True)


@settings(deadline=None, max_examples=200)
@given(_texts, _defaults)
def test_inlining_every_variable_in_turn(content: str, default: str) -> None:
    variables = {"a": {"default": default}, "b": {"type": "integer", "default": 1}}
    for name in variables:
        text = json.dumps({"variables": variables, "content": content}, indent=2)
        snapshot = shot(text)
        at = snapshot.key_range(("variables", name))[0]
        for each in refactorings(snapshot, at, at):
            try:
                found = json.loads(after(snapshot, change_of(snapshot, each, at, at)))
            except RefusedError:
                continue
            assert name not in found["variables"]
            assert rendered(found, {}) == rendered({"content": content, "variables": variables}, {})


_blocks = st.sampled_from(
    ["# a", "## <<a>>", "### {{b}}", "#### x", "", "", "  ", "text <<a>>", "- x", "    {{a}}", "```", "{{c}}", "> ```"]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(_blocks, max_size=16), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_split_keeps_every_line_and_what_it_renders_to(lines: list[str], line_end: str, is_declared: bool) -> None:
    fields: dict[str, Any] = {"id": "demo", "content": line_end.join(lines)}
    if is_declared:
        fields["variables"] = {"a": {"default": "x"}, "c": {"default": "<<a>>"}}
    snapshot = shot(json.dumps(fields))
    for heading in snapshot.markdown.headings:
        at = snapshot.content_range(heading.start, 0)[0]
        for each in refactorings(snapshot, at, at):
            if each.name != "split-at-heading":
                continue
            change = change_of(snapshot, each, at, at)
            rest, moved = json.loads(after(snapshot, change)), json.loads(change.created[0].text)
            above = len(written(snapshot.content[: heading.start]))
            for one, other, whole in (
                [written(part["content"]) for part in (rest, moved, fields)],
                [written(rendered(part, {})) for part in (rest, moved, fields)],
            ):
                assert [*one[:above], *other, *one[above:]] == whole


def written(text: str) -> list[str]:
    """The lines that are not blank."""
    return [line for line in text.splitlines() if line.strip()]
