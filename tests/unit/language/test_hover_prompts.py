"""Hover over what names other prompts: triggers and ids."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hover_helpers import OTHERS, ROOT, at, said, shot

from promptbits.language.hover import hover, plain
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library

# Triggers.


def test_a_trigger_says_what_it_means_and_whom_else_it_calls() -> None:
    entries = [
        Entry(f"/p/{index}.json", "custom", f"p{index}", "Does it", trigger_kind="Language", trigger_name="rust")
        for index in range(12)
    ]
    text = said('{"id": "p0", "trigger": {"Language": "|Rust"}}', *entries)
    assert text.startswith(
        "Trigger Language Rust\n\nA programming language, such as Rust\n\n- Also triggers 11 other prompts\n"
    )
    assert "  - p1: Does it\n" in text
    assert "p0" not in text
    assert text.endswith("  - and 3 more")
    assert said('{"id": "p0", "trigger": {"|Language": "Rust"}}', *entries) == text


def test_a_trigger_alone_or_half_typed() -> None:
    assert said('{"trigger": {"|Custom": "x"}}').endswith("- Triggers no other prompt")
    assert said('{"trigger": {"|Custom"').startswith("Trigger Custom\n\nAnything else")
    assert at('{"trigger": {"|Langage": "x"}}') is None


def test_a_trigger_says_which_prompt_is_not_the_one_that_wins() -> None:
    loser = Entry("/p/builtin/a.json", "builtin", "a", trigger_kind="Custom", trigger_name="x")
    winner = Entry("/p/a.json", "custom", "a")
    assert "  - a (another file of this id wins)" in said('{"trigger": {"|Custom": "x"}}', loser, winner)


# Ids.


def test_a_named_prompt_the_file_that_wins_and_what_it_shadows() -> None:
    for text in ('{"parent": "|base"}', '{"related": ["x", "b|ase"]}'):
        assert said(text) == (
            "Prompt base\n\nThe base for Next.js\n\n- Wins: prompts/custom/base.json (layer custom)\n"
            "- Shadows: prompts/builtin/base.json (layer builtin), base.json (shipped with PromptBits)"
        )


def test_a_name_of_no_prompt() -> None:
    assert said('{"parent": "no|ne"}') == "There is no prompt none"
    found = hover(replace(shot('{"parent": "none"}'), library=Library(complete=False)), 13)
    assert found is not None
    assert "still being read" in found.markdown


def own(layer: Any = "custom", folder: str = "custom", **fields: Any) -> Entry:
    return Entry(f"{ROOT}/prompts/{folder}/review.json", layer, "review", **fields)


def test_its_own_id() -> None:
    assert said('{"id": "|review"}', own(category="Testing", version="1+"), *OTHERS) == (
        "Prompt review · this file\n\n- File: prompts/custom/review.json (layer custom)\n- Category: Testing\n"
        "- Version: 1+\n- Named as parent or related by 1 prompt: base"
    )
    assert "this file is not in the library yet" in said('{"id": "|other"}')


def test_its_own_id_where_another_file_wins() -> None:
    text, name = '{"id": "review"}', "prompts/builtin/review.json"
    found = hover(shot(text, own(), own("builtin", "builtin"), path=name), 8)
    assert found is not None
    assert plain(found.markdown).startswith(
        "Prompt review · this file is shadowed: another one wins\n\n- Wins: prompts/c"
    )
    found = hover(shot(text, own(), own(folder="custom/a")), 8)
    assert found is not None
    assert "- Wins: prompts/custom/a/review.json (layer custom)\n- Duplicates of it in the same layer" in plain(
        found.markdown
    )


def test_an_id_outside_of_the_prompt_folders() -> None:
    found = hover(shot('{"id": "review"}', path=None), 8)
    assert found is not None
    assert found.markdown.startswith("Prompt `review` · this file lies in no prompt folder\n\n- Named as")
