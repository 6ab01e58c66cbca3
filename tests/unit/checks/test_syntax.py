"""The file as text: JSON syntax, encoding, merge conflicts and keys written twice, each with its place and its fix."""

import json

import pytest
from check_helpers import HOME, Source, codes, findings, mended, prompt, said, text_of

from promptbits.text.document import Document

VALID = text_of(prompt())


def broken(old: str, new: str) -> str:
    assert VALID.count(old) == 1
    return VALID.replace(old, new)


# What the file has in place of what it should have, the message, its place, and the title of the fix.
SLIPS = {
    "missing comma": ('"code-review",', '"code-review"', "expected ',' after this value", '"', "Insert a comma"),
    "trailing comma": ('"Custom"', '"Custom",', "JSON has no trailing comma", ",", "Remove the comma"),
    "missing colon": ('"id":', '"id"', "expected ':' after the key", '"id"', "Insert a colon"),
    "unquoted key": ('"id":', "id:", "a key is written in double quotes: id", "id", "Put the key in double quotes"),
    "single quotes": ('"Custom"', "'Custom'", "a string is written in double quotes", "'Custom'", "Use double quotes"),
    "comment": ('"Custom"', '"Custom" // mine', "JSON has no comments", "// mine", "Remove the comment"),
    "comment in a block": ('"id":', '/* x */ "id":', "JSON has no comments", "/* x */", "Remove the comment"),
    "bad escape": (
        "Review the",
        r"Review \d the",
        r"\d is not an escape: a backslash is written \\",
        r"\d",
        r"Write the backslash as \\",
    ),
    "raw tab": (
        "Review the",
        "Review\tthe",
        r"a raw control character (U+0009) is not allowed in a string: write \t",
        "\t",
        "Write it as an escape",
    ),
    "pasted lines": (
        "Review the",
        "Review\nthe",
        r"the string goes on over several lines: a line break is written \n",
        '"Review',
        r"Write the line breaks as \n",
    ),
    "percentage": ("0.8", "80%", "80% is not a JSON number: write 0.8", "80%", "Write 0.8"),
    "number without a zero": ("0.8", ".8", ".8 is not a JSON number: write 0.8", ".8", "Write 0.8"),
    "blank of another kind": (
        '"id":',
        '"id":\u00a0',
        "U+00A0 is not white space in JSON",
        "\u00a0",
        "Replace by a space",
    ),
    "line separator": ('"id":', '"id":\u2028', "U+2028 is not white space in JSON", "\u2028", "Replace by a space"),
    "two commas": ('"code-review",', '"code-review",,', "expected a key before this comma", ",", "Remove it"),
}


@pytest.mark.parametrize(("old", "new", "message", "place", "title"), SLIPS.values(), ids=SLIPS.keys())
def test_one_slip_is_one_error_with_its_fix(old: str, new: str, message: str, place: str, title: str) -> None:
    text = broken(old, new)
    assert said(text) == [("json-syntax", message, place)]
    (finding,) = findings(text)
    assert finding.severity == "error"
    assert finding.fix
    assert finding.fix.title == title
    written = {
        "Write it as an escape": "\t",
        r"Write the backslash as \\": r" \d ",
        r"Write the line breaks as \n": "\n",
    }
    content = f"Review{written.get(title, ' ')}the code."
    assert json.loads(mended(text, "json-syntax")) == prompt(content=content)


# Slips whose mending only the author knows.
UNCERTAIN = {
    "quote in the text": (
        "Review the",
        'Review "the"',
        r"the string ends here: a quote that belongs to the text is written \"",
    ),
    "not a number": ("0.8", "NaN", "NaN is not JSON: numbers are finite"),
    "a version": ("0.8", "14.0+", "14.0+ is not a JSON number: a string is written in double quotes"),
    "a date": ("0.8", "2026-05-01", "2026-05-01 is not a JSON number: a string is written in double quotes"),
    "no number and no text": ("0.8", "1e", "1e is not a JSON number"),
    "a word": ('"Custom"', "Custom", "Custom is not JSON: a string is written in double quotes"),
}


@pytest.mark.parametrize(("old", "new", "message"), UNCERTAIN.values(), ids=UNCERTAIN.keys())
def test_where_only_the_author_knows_there_is_no_fix(old: str, new: str, message: str) -> None:
    (finding,) = findings(broken(old, new))
    assert (finding.code, finding.message, finding.fix) == ("json-syntax", message, None)


def test_no_title_of_a_fix_is_empty_or_repeats_much_of_the_file() -> None:
    for old, new, *_ in (*SLIPS.values(), *UNCERTAIN.values()):
        for finding in findings(broken(old, new)):
            assert finding.fix is None or 8 <= len(finding.fix.title) <= 40


def test_an_unclosed_object_points_to_where_its_end_is_expected() -> None:
    text = VALID.rstrip()[:-1]
    (finding,) = findings(text)
    assert finding.message == "expected '}' to close this '{'"
    (related,) = finding.related
    assert related.path is None
    assert related.message == "'}' is expected here at the latest"
    assert related.start >= len(text.rstrip())


def test_an_inner_object_without_its_end_brings_no_noise_about_the_keys_it_took_in() -> None:
    for wrong in ("", "]"):
        assert set(codes(broken('"Rust"\n  },', f'"Rust"\n  {wrong},'))) == {"json-syntax"}
    half = broken('"confidence"', '"variables": {\n    "topic": {},\n  "confidence"').replace("the code", "<<topic>>")
    assert set(codes(half)) == {"json-syntax"}


def test_a_key_written_twice_is_a_warning_that_leads_to_the_first() -> None:
    text = broken('"category"', '"id": "code-review",\n  "category"')
    (finding,) = findings(text)
    assert finding.severity == "warning"
    assert finding.message == 'the key "id" is written twice: readers take the last one'
    assert finding.start == text.rindex('"id"')
    assert (finding.related[0].start, finding.related[0].message) == (text.index('"id"'), "it is written first here")


def test_keys_are_the_same_when_they_decode_to_the_same() -> None:
    assert said(broken('"category"', '"\\u0069d": "code-review",\n  "category"')) == [
        ("json-syntax", 'the key "id" is written twice: readers take the last one', '"\\u0069d"')
    ]


def test_the_same_key_in_two_objects_is_no_duplicate() -> None:
    assert codes(prompt(content="<<a>> <<b>>", variables={"a": {"type": "string"}, "b": {"type": "string"}})) == []


def test_the_last_of_two_keys_is_the_one_that_is_checked() -> None:
    text = broken('"confidence"', '"confidence": 0.5,\n  "confidence"').replace("0.8", "80")
    assert said(text)[-1] == ("out-of-range", "confidence is 80, above the maximum of 1", "80")


def test_one_character_out_of_place_is_reported_once() -> None:
    # NUL is no JSON and it is hidden, and one thing to mend.
    assert codes(broken("Review the", "Review\0the")) == ["json-syntax"]


def test_files_that_are_no_object() -> None:
    assert said("") == [("json-syntax", "the file is empty: expected a JSON object", "")]
    assert codes(" \n\t ") == ["json-syntax"]
    assert said("[]") == [("wrong-type", "a prompt is a JSON object: {…}", "[")]
    for text in ('"x"', "5", "null", "true"):
        assert said(text) == [("wrong-type", "a prompt is a JSON object: {…}", text)]
    assert codes("hello there") == ["json-syntax"]
    assert codes("[1,]") == ["wrong-type", "json-syntax"]


def test_a_file_of_nothing_but_errors_gives_a_bounded_number_of_findings() -> None:
    assert len(findings("{" + "'a' 1 " * 5000)) <= 300


# Encoding


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (VALID.encode().replace(b"Review", b"Rev\xe9iew"), "byte 0xe9 at offset 116 is not UTF-8"),
        (VALID.encode("utf-16"), "saved as UTF-16: save it as UTF-8"),
        (VALID.encode("utf-32"), "saved as UTF-32: save it as UTF-8"),
    ],
)
def test_what_is_not_utf8_is_an_error_and_the_rest_is_still_checked(data: bytes, message: str) -> None:
    (finding,) = findings(data)
    assert (finding.code, finding.severity, finding.message) == ("invalid-encoding", "error", message)
    assert finding.fix is None


def test_several_places_are_one_finding_at_the_first() -> None:
    data = VALID.encode().replace(b"Review", b"R\xe9v\xe9").replace(b"code.", b"c\xf6de.")
    (finding,) = findings(data)
    assert finding.message.endswith("is not UTF-8 (and 2 more places)")
    assert Document.from_bytes(data).text[finding.start : finding.end] == "\ufffd"


def test_a_replacement_character_that_is_really_in_the_file_is_fine() -> None:
    assert codes(text_of(prompt(content="It looks like this: \ufffd")).encode()) == []


def test_a_byte_order_mark_is_a_warning_and_its_fix_removes_it() -> None:
    (finding,) = findings("\ufeff" + VALID)
    assert (finding.code, finding.severity) == ("invalid-encoding", "warning")
    assert finding.message == "the file starts with a byte-order mark (U+FEFF)"
    assert mended("\ufeff" + VALID, "invalid-encoding") == VALID
    assert codes(b"\xef\xbb\xbf" + VALID.encode()) == ["invalid-encoding"]


def test_a_second_byte_order_mark_is_not_white_space() -> None:
    assert codes("\ufeff\ufeff" + VALID) == ["invalid-encoding", "json-syntax"]


# Line ends


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_other_line_ends_are_fine(line_end: str) -> None:
    assert codes(VALID.replace("\n", line_end)) == []


def test_line_separators_and_whole_pairs_in_a_string_are_fine() -> None:
    assert codes(broken("Review the", "Review\u2028\u2029the")) == []
    assert codes(broken("Review the", "Review \\ud83d\\ude00 the \\uD83D\\uDE00")) == []
    assert codes(broken("Review the", "Review \\\\ud800 the")) == []


@pytest.mark.parametrize("half", ["\\ud83d", "\\uDE00", chr(0xD83D), chr(0xDE00)])
def test_half_of_a_surrogate_pair_is_told_where_it_stands(half: str) -> None:
    text = broken("Review the", f"Re\\u00e9 {half} the")
    (found,) = findings(text)
    assert (found.code, found.severity) == ("invalid-encoding", "warning")
    assert text[found.start : found.end] == half
    assert found.message.isprintable()


def test_halves_are_told_in_keys_and_in_every_string() -> None:
    text = text_of(prompt(description="a \ud83d", tags=["x\ude00"], variables={"\ud83d": {}}))
    told = [found for found in findings(text) if found.code == "invalid-encoding"]
    assert len(told) == 3


# Merge conflicts

CONFLICT = (
    VALID.replace('  "confidence": 0.8,\n', "<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> feature\n")
    .replace("{ours}", '  "confidence": 0.8,\n')
    .replace("{theirs}", '  "confidence": 0.9,\n')
)


def test_a_conflict_is_told_at_each_marker_and_nothing_else_is() -> None:
    message = "a merge conflict was left here: keep one side and remove the markers"
    assert said(CONFLICT) == [
        ("conflict-marker", message, "<<<<<<< HEAD"),
        ("conflict-marker", message, "======="),
        ("conflict-marker", message, ">>>>>>> feature"),
    ]
    assert {finding.severity for finding in findings(CONFLICT)} == {"error"}


def test_a_conflict_with_the_common_base_and_windows_line_ends() -> None:
    text = CONFLICT.replace("=======", '||||||| base\n  "confidence": 0.7,\n=======').replace("\n", "\r\n")
    assert codes(text) == ["conflict-marker"] * 4


@pytest.mark.parametrize(
    ("source", "count"),
    [
        (prompt(content="Keep both:\n\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> feature\n"), 1),
        (prompt(content="Keep both:\n\n```\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> feature\n```\n"), 0),
        (prompt(content="A heading\n=======\n\nText"), 0),
        (prompt(content="<<<<<<< HEAD is how a conflict starts.\n"), 0),
        (prompt(content="Above\n=======\n>>>>>>> feature\n"), 0),
        (prompt(content=">>>>>>> a\n=======\n<<<<<<< b\n"), 0),
        (prompt(content="<<<<<<<<<<<<<<\n=======\n>>>>>>>>>>>>>>>\n"), 0),
    ],
)
def test_a_conflict_in_the_content_has_all_three_markers_outside_of_code(source: Source, count: int) -> None:
    found = [each for each in findings(source, HOME) if each.code == "conflict-marker"]
    assert len(found) == count
    assert all(each.severity == "warning" for each in found)
