"""The cheap look lets through whatever the thorough one would find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_secret_formats import SHAPES, generated, key_bytes, pem

from promptbits.checks.hidden_characters import find_hidden
from promptbits.checks.screening import TOKEN_HEADS, TOKEN_MARKS, may_hide, may_hold_secret
from promptbits.checks.secret_formats import FORMATS, find_secrets


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape[0]} {shape[1]}")
def test_every_format_passes(shape):
    for token in generated(shape):
        assert find_secrets(f"use {token} here")
        assert may_hold_secret(f"use {token} here")


def test_the_heads_are_those_of_the_formats():
    known = tuple(head.decode() for head in (*TOKEN_HEADS, *TOKEN_MARKS))
    prefixes = {prefix for each in FORMATS for prefix in each.prefixes}
    assert [prefix for prefix in prefixes if not prefix.startswith(known)] == []
    assert [head for head in known if not any(prefix.startswith(head) for prefix in prefixes)] == []


def test_a_private_key_passes():
    text = pem("RSA PRIVATE KEY", key_bytes(1200))
    assert find_secrets(text)
    assert may_hold_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain prose",
        "----------------------",
        "an_identifier_without_digits",
        "a-rather-long-kebab-case-word",
        "é" * 99,
    ],
)
def test_ordinary_text_does_not(text):
    assert not may_hold_secret(text)


@given(st.text(st.one_of(st.characters(max_codepoint=0x2FF), st.characters()), max_size=20))
def test_text_that_hides_something_passes(text):
    if find_hidden(text):
        assert may_hide(text)


def test_printable_ascii_hides_nothing():
    assert not may_hide("".join(map(chr, range(32, 127))) + "\t\r\n")
