"""Filters reject what breaks a prompt, with the code of what was broken, and nothing that keeps it whole."""

from __future__ import annotations

import random
import string
from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from shipped_bases import shipped
from what_stays import lost_or_added

from promptbits.checks.screening import KINDS
from promptbits.optimize.filters import CODES, BasisFilter, Rejection
from promptbits.optimize.offline import OfflineProposer
from promptbits.optimize.terms import Basis


def codes(before: str, after: str, **more) -> list[str]:
    """The codes of the rejections of a text, proposed for another."""
    return [each.code for each in BasisFilter(Basis(before, **more)).check(after)]


# Paragraphs with one thing in them that has to stay, each with the code of its filter.
KEPT = {
    "placeholders": ["Read <<{}>> with care.", "Read {{{{ {} }}}} with care.", "- Read <<a.{}>>"],
    "fenced-code": ["```\n{}\n```", "~~~python\nprint\n\n{}\n~~~", "- Run\n\n  ```sh\n  {}\n  ```"],
    "inline-code": ["Call `{}` first.", "> Call ``{}`` first."],
    "urls": ["See https://example.com/{} there.", "See <ftp://{}.example.com>.", "(See http://a.b/({}).)"],
    "quoted-strings": ['Answer "{}" then.', "Answer “{}” then.", "Answer '{}' then.", "Answer «{}»."],
}
PROSE = ["Write the tests.", "# Task", "- one thing", "- **that** thing\n- this", "Say why, and *how*.", "## Output"]
names = st.text(string.ascii_lowercase, min_size=1, max_size=8).map("n{}".format)
quantities = st.from_regex(r"-?[1-9][0-9]{0,3}([.,:/-][0-9]{1,3}){0,2}%?", fullmatch=True)


@st.composite
def paragraphs(draw) -> list[tuple[str, str, str]]:
    """Paragraphs of all kinds: code of the filter, pattern, what fills it."""
    found = [(code, draw(st.sampled_from(patterns)), draw(names)) for code, patterns in KEPT.items()]
    found.append(("numbers", "Give {} of them.", draw(quantities)))
    found += [("", each, "") for each in draw(st.lists(st.sampled_from(PROSE), max_size=6))]
    return draw(st.permutations(found))


def written(found: list[tuple[str, str, str]]) -> str:
    return "\n\n".join(pattern.format(value) for _, pattern, value in found)


def without_prose(found: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [each for each in found if each[0]]


@settings(deadline=None)
@given(paragraphs(), st.data())
def test_what_has_to_stay_is_not_changed(found, data):
    before = written(found)
    code, pattern, value = data.draw(st.sampled_from(without_prose(found)))
    other = data.draw(quantities if code == "numbers" else names)
    assume(other != value)
    at = found.index((code, pattern, value))
    changed = written([*found[:at], (code, pattern, other), *found[at + 1 :]])
    assert codes(before, changed) == [code]
    assert codes(before, written(found[:at] + found[at + 1 :])) == [code]
    assert codes(before, written([*found, found[at]])) == [code]


@settings(deadline=None)
@given(paragraphs(), st.data())
def test_the_rest_may_change(found, data):
    before = written(found)
    extra = data.draw(st.lists(st.sampled_from(PROSE), max_size=4))
    after = data.draw(st.permutations([*without_prose(found), *(("", each, "") for each in extra)]))
    same = before.split() == written(after).split()
    assert codes(before, written(after)) == (["copy"] if same else [])


@settings(deadline=None)
@given(paragraphs(), st.sampled_from(["\n\n", "\r\n\r\n", "\n\n\n", "\n \n"]))
def test_a_copy_is_told_by_its_words(found, gap):
    before = written(found)
    assert codes(before, before.replace("\n\n", gap) + "\n") in (["copy"], ["copy", "fenced-code"])
    assert "copy" not in codes(before, before + " More.")


def test_delimiters_were_chosen_and_blanks_in_them_were_not():
    assert codes("Read {{ a }}.", "Then read {{a}}.") == []
    assert codes("Read {{ a }}.", "Then read <<a>>.") == ["placeholders"]
    assert codes("Read <<a>> and <<b>>.", "First read <<b>>, then <<a>>.") == []


@pytest.mark.parametrize("spoilt", ["<<a >>", "<< a >>", "<<a>", "{{a}", "\\<<a>>", "<<a-b>>", "<<<a>>>"])
def test_a_placeholder_that_came_out_wrong_is_none(spoilt):
    assert codes("Read <<b>>. Go.", f"Read <<b>> and {spoilt}.") == ["placeholders"]


def test_in_code_only_declared_variables_count():
    before, after = "```\n{{ a }}\n```\n\nDo it.", "```\n{{ a }}\n```\n\nDo it now."
    assert codes(before, after) == codes(before, after, variables={"a": ""}) == []


@given(st.lists(quantities.filter(lambda each: each[0] != "-"), min_size=1, max_size=6), st.integers(1, 50))
def test_items_may_be_numbered_anew(found, first):
    before = "Do this:\n\n" + "\n".join(f"{number}. Take {each}" for number, each in enumerate(found, 1))
    after = "Do this now:\n\n" + "\n".join(f"{number}) Take {each}" for number, each in enumerate(found, first))
    assert codes(before, after) == []
    assert codes(before, after + "\n99. Take it") == []
    assert codes(before, after + "\n99. Take 7") == ["numbers"]


def test_signs_belong_to_numbers_and_hyphens_do_not():
    assert codes("Go to -5 or UTF-8.", "Go to 5 or UTF-8 now.") == ["numbers"]
    assert codes("Take the top-5.", "Take the top 5 now.") == []
    assert codes("Take 5%.", "Take 5 now.") == ["numbers"]


@given(st.text(string.ascii_letters + " \n", min_size=1), st.text(string.ascii_letters + " \n", max_size=999))
@example("a" * 1000, "b" * 1500)
@example("a" * 1000, "b" * 1501)
@example("a", "b" * 400)
@example("a", "b" * 401)
def test_growth_is_bounded(before, after):
    assert ("growth" in codes(before, after)) == (len(after) > max(400, len(before) * 3 // 2))


@given(st.text(st.characters(exclude_categories=["L", "N", "Cs"], exclude_characters="\0"), max_size=300))
def test_a_text_without_a_word_says_nothing(after):
    assert codes("Do it.", after) == ["empty"]


@example(2, "a" * 8)
@example(2, "a" * 9)
@given(st.integers(0, 40), st.text("ab ", min_size=1, max_size=300))
def test_a_budget_is_kept(budget, after):
    found = codes("Write the tests for it.", after, token_budget=budget)
    assume("empty" not in found)
    assert found == (["token-budget"] if len(after) > 4 * budget else [])


@settings(deadline=None)
@given(paragraphs(), st.data())
def test_only_the_section_changes(found, data):
    before = written(found)
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(before))] * 2)))
    new = data.draw(st.sampled_from(["", "Now.", " and so on"]))
    assert "section" not in codes(before, before[:start] + new + before[end:], section=(start, end))
    if start < len(before):
        assert "section" in codes(before, before[:start] + new + before[start:] + "?", section=(start, start))
    if start:
        assert "section" in codes(before, "\N{SNOWMAN}" + before, section=(start, end))
    if end < len(before):
        assert "section" in codes(before, before + "\N{SNOWMAN}", section=(start, end))


def test_what_overlaps_is_not_the_section():
    assert codes("one", "o", section=(1, 3)) == []
    assert codes("ono", "o", section=(1, 2)) == ["section"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "control"])
def test_hidden_characters_do_not_come_in(kind):
    hidden = KINDS[kind][0]
    assert codes("Do it.", f"Do it{hidden} now.") == ["hidden-characters"]
    assert codes(f"Do{hidden} it.", f"Do it{hidden} now.") == []
    assert codes(f"Do{hidden} it.", "Do it now.") == []
    assert codes(f"Do{hidden} it.", f"Do{hidden} it{hidden} now.") == ["hidden-characters"]


def test_characters_that_their_script_needs_may_come_in():
    assert codes("Do it.", "Do it \N{FAMILY} \U0001f468\u200d\U0001f469 \u0645\u06cc\u200c\u062e.") == []


@given(st.sampled_from("\x01\x08\x0b\x0c\x1f\x7f\x80\x9f"), st.integers(0, 14))
def test_control_characters_do_not_come_in(control, at):
    before = "Write a test."
    assert codes(before, before[:at] + control + before[at:] + " Now") == ["hidden-characters"]


@given(st.sampled_from("\0\ud800\udfff"), st.text(), st.text())
def test_what_no_file_can_hold_is_no_prompt(unfit, before, after):
    assert "invalid" in codes("Do it.", before + unfit + after)


ADDRESSES = [
    "http://[::1]:80/a",
    "https://a.b/(c)",
    "https://a.b/c[1]",
    "ftp://a.b",
    "postgres://u@h/d?e=f#g",
    "/a/b.md",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_told_from_what_stands_around_it(address):
    assert codes(f"See [this]({address}).", f"Now see [it]({address})!") == []
    assert "urls" in codes(f"See [this]({address}).", f"See [this]({address}x).")
    if "://" in address:
        assert codes(f"See {address}, please.", f"Now see it ({address}).") == []
        assert codes(f"See {address}.", f"See [{address}]({address}).")[0] == "urls"
        assert codes(f"    {address}", f"    {address}/x") == ["urls"]
        assert "urls" in codes(f"See {address}.", "See it there.")


# What filters look for, in whatever order.
PIECES = [
    "Do it", "the ", "don't ", ". ", ": ", "\n", "\n\n", "\r\n", " ", "    ", "- ", "1. ", "12) ", "> ", "# ", "##",
    "---\n", "===\n", "```\n", "```py\n", "~~~\n", "`a`", "``", "`", '"b"', '"', "'c'", "'", "\u201c", "\u201d", "\xab",
    "<<a>>", "<<", ">>", "{{ b }}", "{{", "}}", "<t>", "</t>", "<", "https://a.b/c", "://", "(", ")", "3", "1,000",
    "-4%", "v2", "[l](m)", "[", "](", "**", "*", "__", "_", "\\", "\u200b", "\u202e", "\u2028", "\x00", "\x07",
    "\ud800", "\u0660", "\U0001f642", "\ufe0f", "\u0130",
]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES), max_size=40)
bases = st.builds(
    Basis,
    pieces.map("".join) | st.text(st.characters()),
    variables=st.sampled_from([{}, {"a": ""}, {"a": "", "b": ""}]),
    section=st.none() | st.tuples(st.integers(0, 50), st.integers(50, 90)),
    token_budget=st.none() | st.integers(-1, 40),
)


@settings(max_examples=400, deadline=None)
@given(bases, pieces.map("".join) | st.text(st.characters()))
def test_any_text_gets_an_answer(basis, text):
    filters = BasisFilter(basis)
    found = filters.check(text)
    assert found == BasisFilter(basis).check(text) == filters.check(text)
    for each in found:
        assert each.code in CODES
        assert each.words.isprintable()
        assert 0 < len(each.words) < 600


@settings(max_examples=400, deadline=None)
@given(bases)
def test_nothing_has_changed_in_the_same_text(basis):
    found = {each.code for each in BasisFilter(basis).check(basis.content)}
    assert found - {"invalid", "empty", "token-budget", "section"} <= {"copy"}
    assert found


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(pieces.filter(bool), st.data())
def test_what_another_reader_finds_changed_is_rejected(before, data):
    at = data.draw(st.integers(0, len(before) - 1))
    new = data.draw(st.lists(st.sampled_from(PIECES), max_size=2))
    after = "".join([*before[:at], *new, *before[at + 1 :]])
    changed = lost_or_added("".join(before), after)
    changed = {kind: sides for kind, sides in changed.items() if kind in ("placeholders", "numbers", "quotes", "urls")}
    lost, came = (
        [each.rstrip("?!.,:;*_~'|") for each in side.elements()] for side in changed.get("urls", (Counter(), Counter()))
    )
    if sorted(lost) == sorted(came):  # what follows an address on its line is not its own
        changed.pop("urls", None)
    if changed:
        assert codes("".join(before), after, variables={"a": "", "b": ""}), changed


def test_proposals_that_ship_with_the_product_pass():
    for basis in shipped():
        filters, proposer = BasisFilter(basis), OfflineProposer()
        for seed in range(3):
            for proposal in proposer.propose(basis, [], 10, random.Random(seed)):
                assert filters.check(proposal.text) == (), proposal.edits


def test_words_name_what_was_lost_and_what_is_new():
    assert BasisFilter(Basis("Take 3 of 3.")).check("Take 4.") == (Rejection("numbers", "lost: 3 (2 times); new: 4"),)
    many = BasisFilter(Basis(" ".join(f"`{letter}`" for letter in "abcde"))).check("None.")
    assert many == (Rejection("inline-code", "lost: a, b, c and 2 more"),)


def test_every_code_is_explained_in_one_line():
    assert Counter("\n" in words for words in CODES.values()) == {False: 14}
    assert all(words.endswith(".") for words in CODES.values())
