"""Whatever the text: what is protected stays, nothing raises, and no operator gives back the same text."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shipped_bases import shipped
from what_stays import lost_or_added

from promptbits.optimize.offline import OfflineProposer
from promptbits.optimize.operators.editing import Editor
from promptbits.optimize.operators.edits import apply
from promptbits.optimize.operators.registry import OPERATORS
from promptbits.optimize.operators.view import View
from promptbits.optimize.terms import Basis

# Pieces that operators look for, beside everything that they must not touch.
PIECES = [
    "You should ", "please ", "make sure to ", "Write ", "the tests", "do not ", "Don't ", "never ", "must ",
    "should be ", "All errors ", "Include: ", "a, b, and c", "First, ", "Then ", "Finally, ", "in order to ",
    "very clear ", "Note that ", "several examples", "You MUST ", "utilize ", "is ", "of ", "the ", "and ",
    ". ", ".\n", ", ", "; ", ": ", "! ", "?\n", "\n", "\n\n", "\n\n\n", "\r\n", " ", "  ", "\t", "- ", "* ",
    "+ ", "\u2022 ", "1. ", "2) ", "# ", "## STEPS\n", "### Output:\n", "## Rules\n\n", "**Bold**\n", "**", "_",
    "> ", "---\n", "| a | b |\n", "```\n", "```python\n", "~~~\n", "`code`", "``", "`", '"quoted"', '"', "'x'",
    "'", "\u201c", "\u201d", "<<text>>", "<<a.b>>", "{{ name }}", "{{", "<<", "<tag>", "</tag>", "<",
    "https://example.com/a?b=1", "http://x.y", "3", "14.0+", "1,000", "v2", "[link](https://a.b)", "![i](u)",
    "[", "](", ")", "(", "\\", "&amp;", "\xe9", "\u65e5\u672c\u8a9e", "\u2028", "\x00", "\U0001f642", "\u0130",
    "\xdf", "When ",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=80)
bases = st.builds(
    Basis,
    texts,
    variables=st.just({"text": "the text", "name": "a name", "a.b": ""}),
    trigger=st.sampled_from(
        [None, ("Framework", "Django"), ("Language", "C++"), ("Custom", "x"), ("Framework", "<<text>>")]
    ),
    category=st.sampled_from(["Testing", "Commands", None]),
    token_budget=st.none() | st.integers(0, 60),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bases)
def test_what_is_protected_stays(basis):
    editor = Editor(View(basis))
    for name, operator in OPERATORS.items():
        for variant in range(operator.variants):
            edits = editor.edits(name, variant)
            after = apply(basis.content, edits)
            assert lost_or_added(basis.content, after) == {}, name
            assert bool(edits) == (after != basis.content)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bases, st.integers())
def test_what_is_protected_stays_in_proposals(basis, seed):
    proposer = OfflineProposer()
    for proposal in proposer.propose(basis, [], 10, random.Random(seed)):
        assert lost_or_added(basis.content, proposal.text) == {}, proposal.edits


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts, st.integers(0, 100), st.integers(0, 100), st.integers())
def test_only_the_section_changes(text, one, other, seed):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    basis = Basis(text, section=(start, end))
    for proposal in OfflineProposer().propose(basis, [], 5, random.Random(seed)):
        assert proposal.text.startswith(text[:start])
        assert proposal.text.endswith(text[end:])
        assert len(proposal.text) >= start + len(text) - end


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts.map(lambda text: re.sub(r"\r?\n|\r", "\r\n", text)), st.integers())
def test_line_ends_are_kept(text, seed):
    for proposal in OfflineProposer().propose(Basis(text), [], 5, random.Random(seed)):
        if "\r\n" in text:
            assert re.search(r"(?<!\r)\n", proposal.text) is None


@pytest.mark.parametrize("basis", shipped(), ids=lambda basis: basis.content[:30].strip("# \n"))
def test_shipped_prompts_keep_what_is_protected(basis):
    proposals = OfflineProposer().propose(basis, [], 20, random.Random(7))
    assert proposals
    for proposal in proposals:
        assert lost_or_added(basis.content, proposal.text) == {}, proposal.edits
        for slip in SLIPS:
            assert len(slip.findall(proposal.text)) <= len(slip.findall(basis.content)), (slip.pattern, proposal.edits)


# What careless edits leave behind.
SLIPS = [
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"\w  \w", r" [,.;:](?:\s|$)", r",[,.;]", r"\.\.(?!\.)", r"^[ \t]*[-*+][ \t]*$", r"\n{4}", r"^#+[ \t]*$",
        r"[.!?] [a-z]", r"^#+ .*\n+#", r"[ \t]+$",
    )
]  # fmt: skip
