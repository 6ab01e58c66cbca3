"""Hidden characters: what is reported, where, and what scripts and emoji need and is therefore not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptbits.checks.hidden_characters import HiddenMatch, decoded_tags, find_hidden


def tags(text: str) -> str:
    return "".join(chr(0xE0000 + ord(char)) for char in text)


def flag(code: str) -> str:
    return "\U0001f3f4" + tags(code) + "\U000e007f"


# One of each kind, alone in Latin text: always reported, with its kind and its name.
HIDDEN = [
    ("\u202a", "bidi", "LEFT-TO-RIGHT EMBEDDING"),
    ("\u202b", "bidi", "RIGHT-TO-LEFT EMBEDDING"),
    ("\u202c", "bidi", "POP DIRECTIONAL FORMATTING"),
    ("\u202d", "bidi", "LEFT-TO-RIGHT OVERRIDE"),
    ("\u202e", "bidi", "RIGHT-TO-LEFT OVERRIDE"),
    ("\u2066", "bidi", "LEFT-TO-RIGHT ISOLATE"),
    ("\u2067", "bidi", "RIGHT-TO-LEFT ISOLATE"),
    ("\u2068", "bidi", "FIRST STRONG ISOLATE"),
    ("\u2069", "bidi", "POP DIRECTIONAL ISOLATE"),
    ("\u200e", "bidi", "LEFT-TO-RIGHT MARK"),
    ("\u200f", "bidi", "RIGHT-TO-LEFT MARK"),
    ("\u061c", "bidi", "ARABIC LETTER MARK"),
    ("\u200b", "zero-width", "ZERO WIDTH SPACE"),
    ("\u200c", "zero-width", "ZERO WIDTH NON-JOINER"),
    ("\u200d", "zero-width", "ZERO WIDTH JOINER"),
    ("\u2060", "zero-width", "WORD JOINER"),
    ("\ufeff", "zero-width", "ZERO WIDTH NO-BREAK SPACE"),
    ("\u180e", "zero-width", "MONGOLIAN VOWEL SEPARATOR"),
    ("\u034f", "zero-width", "COMBINING GRAPHEME JOINER"),
    ("\u17b4", "zero-width", "KHMER VOWEL INHERENT AQ"),
    ("\u206a", "zero-width", "INHIBIT SYMMETRIC SWAPPING"),
    ("\ufff0", "zero-width", "U+FFF0"),
    ("\U0001d173", "zero-width", "MUSICAL SYMBOL BEGIN BEAM"),
    ("\u2061", "operator", "FUNCTION APPLICATION"),
    ("\u2064", "operator", "INVISIBLE PLUS"),
    ("\U000e0001", "tag", "LANGUAGE TAG"),
    ("\U000e0061", "tag", "TAG LATIN SMALL LETTER A"),
    ("\U000e007f", "tag", "CANCEL TAG"),
    ("\ufff9", "annotation", "INTERLINEAR ANNOTATION ANCHOR"),
    ("\ufffb", "annotation", "INTERLINEAR ANNOTATION TERMINATOR"),
    ("\ufe00", "variation-selector", "VARIATION SELECTOR-1"),
    ("\ufe0f", "variation-selector", "VARIATION SELECTOR-16"),
    ("\U000e0100", "variation-selector", "VARIATION SELECTOR-17"),
    ("\U000e01ef", "variation-selector", "VARIATION SELECTOR-256"),
    ("\u180b", "variation-selector", "MONGOLIAN FREE VARIATION SELECTOR ONE"),
    ("\u3164", "filler", "HANGUL FILLER"),
    ("\u115f", "filler", "HANGUL CHOSEONG FILLER"),
    ("\u1160", "filler", "HANGUL JUNGSEONG FILLER"),
    ("\uffa0", "filler", "HALFWIDTH HANGUL FILLER"),
    ("\x00", "control", "U+0000"),
    ("\x08", "control", "U+0008"),
    ("\x0c", "control", "U+000C"),
    ("\x1b", "control", "U+001B"),
    ("\x7f", "control", "U+007F"),
    ("\x85", "control", "U+0085"),
    ("\x9b", "control", "U+009B"),
]


@pytest.mark.parametrize(("char", "kind", "name"), HIDDEN)
def test_each_is_reported_in_latin_text(char, kind, name):
    expected = [HiddenMatch(8, 9, kind, name)]
    assert find_hidden(f"Write a {char} summary") == expected
    assert find_hidden(f"Write an{char}swer") == expected
    assert find_hidden(f"Étudier {char} résumé") == expected


@given(
    before=st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20), max_size=30),
    after=st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20), max_size=30),
    char=st.sampled_from([char for char, _, _ in HIDDEN]),
    count=st.integers(1, 5),
)
def test_found_at_its_exact_place_in_ascii(before, after, char, count):
    # A keycap and a slashed zero are the only places where ASCII takes a variation selector.
    if before[-1:] in tuple("0123456789#*") and char in "\ufe00\ufe0f":
        before += "x"
    matches = find_hidden(before + char * count + after)
    assert [(match.start, match.end) for match in matches] == [(len(before), len(before) + count)]


@given(st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20) | st.sampled_from("\t\n\r")))
def test_plain_ascii_is_clean(text):
    assert find_hidden(text) == []


@given(st.text(st.characters() | st.sampled_from([char for char, _, _ in HIDDEN])))
def test_matches_are_ordered_disjoint_and_maximal(text):
    matches = find_hidden(text)
    for match in matches:
        assert 0 <= match.start < match.end <= len(text)
    for left, right in pairwise(matches):
        assert left.end < right.start or (left.end == right.start and left.kind != right.kind)


EMOJI = {
    "family": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "kiss with skin tones": "\U0001f469\U0001f3fd\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468\U0001f3ff",
    "rainbow flag": "\U0001f3f3\ufe0f\u200d\U0001f308",
    "pirate flag": "\U0001f3f4\u200d\u2620\ufe0f",
    "woman technologist": "\U0001f469\U0001f3fb\u200d\U0001f4bb",
    "man detective, modified": "\U0001f575\U0001f3fb\u200d\u2642\ufe0f",
    "man detective, modified twice": "\U0001f575\U0001f3fb\ufe0f\u200d\u2642\ufe0f",
    "eye in speech bubble": "\U0001f441\ufe0f\u200d\U0001f5e8\ufe0f",
    "black cat": "\U0001f408\u200d\u2b1b",
    "heart on fire": "\u2764\ufe0f\u200d\U0001f525",
    "walking to the right": "\U0001f6b6\u200d\u27a1\ufe0f",
    "keycaps": "1\ufe0f\u20e3 #\ufe0f\u20e3 *\ufe0f\u20e3",
    "text style": "\u2764\ufe0e \u260e\ufe0e",
    "symbols": "\u00a9\ufe0f \u2122\ufe0f \u2139\ufe0f \u26a0\ufe0f \u2705\ufe0f \u25b6\ufe0f \u203c\ufe0f",
    "England": flag("gbeng"),
    "Scotland": flag("gbsct"),
    "Wales": flag("gbwls"),
    "Texas": flag("ustx"),
    "country": "\U0001f1e9\U0001f1ea",
    "flags in a row": flag("gbeng") + flag("gbsct"),
}


@pytest.mark.parametrize("sequence", EMOJI.values(), ids=EMOJI.keys())
def test_emoji_are_not_reported(sequence):
    assert find_hidden(sequence) == []
    assert find_hidden(f"Done {sequence}, and {sequence}{sequence}!") == []


SCRIPTS = {
    "Persian plural": "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627",
    "Persian suffix on a Latin word": "USB\u200c\u0647\u0627",
    "Persian after a quotation": "\u00ab\u0641\u0627\u06cc\u0644\u00bb\u200c \u0631\u0627",
    "Persian at the end of a quotation": "\u00ab\u0641\u0627\u06cc\u0644\u00bb\u200c.",
    "Arabic isolated form": "\u0647\u200d.",
    "Hebrew with joiner": "\u05e9\u200d\u05dc",
    "Syriac": "\u0710\u200c\u0712",
    "N'Ko": "\u07ca\u200d\u07d3",
    "Devanagari": "\u0915\u094d\u200d\u0937 \u0930\u094d\u200c\u092f",
    "Bengali": "\u09b0\u200d\u09cd\u09af",
    "Malayalam chillu": "\u0d28\u0d4d\u200d",
    "Malayalam, repeated by mistake": "\u0d35\u200c\u200c\u200c\u0d30",
    "Sinhala": "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "Tamil": "\u0b95\u0bcd\u200c\u0bb7",
    "Mongolian": "\u182a\u180e\u1820 \u1820\u180b",
    "Thai": "\u0e2a\u0e27\u0e31\u200b\u0e2a\u0e14\u0e35",
    "Lao": "\u0e9e\u0eb2\u200b\u0eaa\u0eb2",
    "Khmer": "\u1780\u17b6\u179a\u200b\u1784\u17b6\u179a",
    "Khmer, repeated by mistake": "\u1780\u200b\u200b\u200b\u1784",
    "Khmer inherent vowel": "\u1780\u17b4",
    "Myanmar": "\u1019\u103c\u200b\u1014\u103a",
    "Tibetan": "\u0f56\u0f7c\u0f51\u200b\u0f0b",
    "Japanese": "\u65e5\u672c\u200b\u8a9e\u2060\u3002",
    "Korean Jamo": "\u115f\u1161 \u1100\u1160",
    "compatibility Jamo": "\u3164\u3131",
    "ideographic variation": "\u845b\U000e0100\u98fe",
    "standardized variation": "\u2229\ufe00 \u4fae\ufe00 0\ufe00",
    "turned hieroglyph": "\U00013000\ufe06",
    "soft hyphen in a word": "Donau\u00addampf\u00adschiff",
    "grapheme joiner between marks": "\u05d0\u05b0\u034f\u05b8",
    "music": "\U0001d158\U0001d173\U0001d15f",
    "byte separators of text": "a\tb\r\nc\n",
}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_scripts_that_need_them_are_not_reported(text):
    assert find_hidden(text) == []
    assert find_hidden(f"Translate: {text}\nInto English.") == []


BIDI_AT_HOME = {
    "mark beside Hebrew": "\u05e9\u05dc\u05d5\u05dd (C++)\u200f.",
    "mark beside Arabic": "\u200e+49 30\u200e \u0647\u0627\u062a\u0641 \u061c12",
    "line of digits between Hebrew lines": "\u05d0\u05d1\n\u200f12:30\n\u05d2",
    "isolate in Hebrew": "\u05e7\u05d5\u05d1\u05e5 \u2066a.txt\u2069 \u05d7\u05d3\u05e9",
    "embedding in Arabic": "\u0645\u0644\u0641 \u202aC:\\a\u202c \u0648",
    "nested": "\u2067\u0645 \u2066x \u202ay\u202c\u2069 \u0648\u2069",
}


@pytest.mark.parametrize("text", BIDI_AT_HOME.values(), ids=BIDI_AT_HOME.keys())
def test_directional_controls_in_right_to_left_text(text):
    assert find_hidden(text) == []


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("\u05d0\u202eabc\u202c\u05d1", [(1, 2), (5, 6)]),  # an override, even in Hebrew
        ("\u05d0 \u2066abc", [(2, 3)]),  # never closed
        ("\u05d0 abc\u2069", [(5, 6)]),  # never opened
        ("\u05d0 \u2066abc\u202c", [(2, 3), (6, 7)]),  # closed by the wrong one
        ("\u05d0 \u2066a\nb\u2069 \u05d1", [(2, 3), (6, 7)]),  # a paragraph ends what it opened
        ("Hello, \u2068name\u2069", [(7, 8), (12, 13)]),  # no right-to-left letter anywhere
        ("\u05d0\nplain\nif \u2067a\u2069", [(11, 12), (13, 14)]),  # nor nearby
        ("\u05d0\nif \u2067a\u2069", [(5, 6), (7, 8)]),  # or only in the next line
        ("\u05d0\u200e\u200f\u200e\u200e\u05d1", [(1, 5)]),  # marks as bits of a code
    ],
)
def test_directional_controls_that_do_not_belong(text, spans):
    assert [(match.start, match.end) for match in find_hidden(text)] == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("\U0001f468\u200d!", [(1, 2)]),  # joins nothing
        ("\U0001f468\u200d\u200d\U0001f469", [(1, 3)]),  # joins a joiner
        ("\U0001f600" + "\ufe0f" * 4, [(2, 5)]),  # one selector belongs to the emoji, the others are bytes
        ("\U0001f600" + "\U000e0148\U000e0155", [(1, 3)]),
        ("\u845b\U000e0100\U000e0101", [(2, 3)]),
        ("e\ufe0f", [(1, 2)]),
        ("\ufe0f Warning", [(0, 1)]),  # left over from an emoji that was removed
        ("\U0001f600\ufe05 \U00013000\ufe07", [(1, 2), (4, 5)]),
        ("\U0001f3f4" + tags("ignore all"), [(1, 11)]),  # not closed
        (flag("ignoreall"), [(1, 11)]),  # too long for a subdivision
        (flag("12345"), [(1, 7)]),  # no country
        (flag("gbeng") + tags("hi"), [(7, 9)]),  # more after the flag
        ("\U0001f600" + tags("gbeng") + "\U000e007f", [(1, 7)]),  # not a flag
        ("\u0633\u200c\u200d\u200c\u0644", [(1, 4)]),  # joiners as bits, in a script that has joiners
        ("\u1780" + "\u200b" * 9 + "\u1784", [(1, 10)]),
        ("a \u00ad b", [(2, 3)]),  # nothing to hyphenate
        ("\u17b4a\u17b5b\u3164c\u3164", [(0, 1), (2, 3), (4, 5), (6, 7)]),  # no home in one another
        ("\ufeff# Title", [(0, 1)]),
        ("\u0645\ufeff\u0648", [(1, 2)]),
        ("\x0crac{1}{2}", [(0, 1)]),  # LaTeX in JSON without a second backslash
    ],
)
def test_misused(text, spans):
    assert [(match.start, match.end) for match in find_hidden(text)] == spans


def test_adjacent_ones_of_one_kind_are_one_match_and_kinds_are_kept_apart():
    text = "ab\u200b\u2060\ufeff\x00\x01" + tags("hi") + "c\u200bd"
    assert find_hidden(text) == [
        HiddenMatch(2, 5, "zero-width", "ZERO WIDTH SPACE"),
        HiddenMatch(5, 7, "control", "U+0000"),
        HiddenMatch(7, 9, "tag", "TAG LATIN SMALL LETTER H"),
        HiddenMatch(10, 11, "zero-width", "ZERO WIDTH SPACE"),
    ]


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1))
def test_smuggled_tags_are_found_and_decoded(message):
    text = f"Be helpful.{tags(message)} Thanks."
    (match,) = find_hidden(text)
    assert (match.start, match.end, match.kind) == (11, 11 + len(message), "tag")
    assert decoded_tags(text[match.start : match.end]) == message


def test_decoding_skips_what_spells_nothing():
    assert decoded_tags("x\U000e0001" + tags("en") + "\U000e007f\u200b") == "en"
    assert decoded_tags("") == ""


def test_lone_surrogates_are_left_alone():
    assert find_hidden("a\ud800\udfff\u200b") == [HiddenMatch(3, 4, "zero-width", "ZERO WIDTH SPACE")]


@pytest.mark.parametrize(
    "unit", ["\u200d", "\U000e0061", "\u2066\u05d0", "\u200f\n", "\U0001f3f4\U000e0067", "\ufe0fa"]
)
def test_long_hostile_text_completes(unit):
    text = unit * 50_000
    assert sum(match.end - match.start for match in find_hidden(text)) >= 50_000
