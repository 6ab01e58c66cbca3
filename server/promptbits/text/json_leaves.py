"""Strings, numbers and words of JSON: their values, and what is wrong with their spelling."""

from __future__ import annotations

import contextlib
import re
from typing import Any, Final

from promptbits.text.json_string import decode, encode, mend
from promptbits.text.json_tokens import Token
from promptbits.text.json_tree import JsonError, Node

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
# What people write for a number: a plus sign, leading zeros, a point without a digit on one side.
_LOOSE_NUMBER = re.compile(r"([-+]?)0*+([0-9]*+)(?:(\.[0-9]++)|\.)?([eE][-+]?[0-9]++)?")
_PERCENT = re.compile(r"([0-9]{1,9}+(?:\.[0-9]{1,9}+)?)%")
# A version or a date.
_TEXT_IN_DIGITS = re.compile(r"[0-9]++(?:[.-]\w++)*+\+?")
_WORDS: Final = {"true": True, "false": False, "null": None}
_MEANT: Final = {
    "True": "true",
    "TRUE": "true",
    "False": "false",
    "FALSE": "false",
    "None": "null",
    "NULL": "null",
    "Null": "null",
    "nil": "null",
    "undefined": "null",
}
# Quotes that a word processor makes of straight ones.
_CLOSING: Final = {"“": "“”", "”": "“”", "„": "“”", "‘": "‘’", "’": "‘’"}
# What int() takes from a string by default; with more, the number is far beyond a float anyway.
_MOST_DIGITS: Final = 4300
_CONTROL = re.compile(r"[\x00-\x1f]")

Read = tuple[Node, list[JsonError]]


def read_string(token: Token, tail: str = "") -> Read:
    """A string in double quotes, or in other quotes with an error that mends them.

    `tail` is what stands at the end of a string that was not closed and was most likely meant to follow it.
    """
    body = token.text
    value = decode(body)
    if value is not None:
        return Node("string", token.start, token.end, value, source=body[1:-1]), []
    closed = is_closed(token)
    inside = body[1:-1] if closed else body[1:]
    node = _string_node(token.start, token.end, inside)
    if body[0] != '"':
        fix = ((token.start, token.end, f'"{mend(inside)}"'),) if closed else ()
        message = "a string is written in double quotes"
        return node, [JsonError("single-quotes", message, token.start, token.end, fix)]
    errors = [] if closed else [_unterminated(token, tail)]
    return node, errors + _bad_escapes(node) + _control_characters(node)


def read_run_on(token: Token, text: str, end: int, *, closed: bool) -> Read:
    """A string that goes on over raw line breaks up to `end`, with one error for all of them."""
    inside = text[token.start + 1 : end - 1 if closed else end]
    node = _string_node(token.start, end, inside)
    # Without the closing quote, where the text ends is a guess: good enough to read on, not to edit.
    fix = ((token.start + 1, end - 1, mend(inside)),) if closed else ()
    message = "the string goes on over several lines: a line break is written \\n"
    return node, [JsonError("unterminated-string", message, token.start, token.end, fix)]


def _string_node(start: int, end: int, inside: str) -> Node:
    node = Node("string", start, end, source=inside)
    node.value = node.string_map.text if "\\" in inside else inside
    return node


def is_closed(token: Token) -> bool:
    """Whether a string token ends in its quote, and that quote is not escaped."""
    body = token.text
    if len(body) < 2 or body[-1] not in _CLOSING.get(body[0], body[0]):
        return False
    inside = body[:-1]
    return (len(inside) - len(inside.rstrip("\\"))) % 2 == 0


def _bad_escapes(node: Node) -> list[JsonError]:
    if "\\" not in node.source:
        return []
    errors: list[JsonError] = []
    for start, end in node.string_map.bad:
        escape = node.source[start:end]
        if escape == "\\":
            continue  # the last character of a string that was not closed
        at = node.start + 1 + start
        message = f"{shown(escape)} is not an escape: a backslash is written \\\\"
        if escape == "\\u":
            message = "\\u takes four hexadecimal digits"
        errors.append(JsonError("bad-escape", message, at, at + end - start, ((at, at, "\\"),)))
    return errors


def _control_characters(node: Node) -> list[JsonError]:
    errors: list[JsonError] = []
    for match in _CONTROL.finditer(node.source):
        at = node.start + 1 + match.start()
        written = encode(match[0])
        message = f"a raw control character (U+{ord(match[0]):04X}) is not allowed in a string: write {written}"
        errors.append(JsonError("control-character", message, at, at + 1, ((at, at + 1, written),)))
    return errors


def _unterminated(token: Token, tail: str) -> JsonError:
    at = token.start + max(len(token.text) - len(tail), 1)
    fix = ((at, at, '"'),) if not token.text.endswith("\\") else ()
    message = "the string has no closing quote on this line (a line break is written \\n)"
    return JsonError("unterminated-string", message, token.start, token.end, fix)


def read_number(token: Token) -> Read:
    """A number, or what was meant as one."""
    node = Node("number", token.start, token.end, source=token.text)
    if _NUMBER.fullmatch(token.text):
        node.value = number_value(token.text)
        return node, []
    written = _mended_number(token.text)
    node.value = number_value(written) if written else 0
    hint = f": write {shown(written)}" if written else ""
    if not written and token.text[0] != "0" and _TEXT_IN_DIGITS.fullmatch(token.text) and not token.text.isalnum():
        hint = ": a string is written in double quotes"
    fix = ((token.start, token.end, written),) if written else ()
    message = f"{shown(token.text)} is not a JSON number{hint}"
    return node, [JsonError("bad-number", message, token.start, token.end, fix)]


def _mended_number(text: str) -> str:
    percent = _PERCENT.fullmatch(text)
    if percent:
        return f"{float(percent[1]) / 100:.10g}"
    match = _LOOSE_NUMBER.fullmatch(text)
    if match is None:
        return ""
    sign, whole, fraction, exponent = match.groups("")
    return ("-" if sign == "-" else "") + (whole or "0") + fraction + exponent


def number_value(spelling: str) -> Any:
    """The value of a JSON number: an int, or a float, infinite where it is too large for one."""
    digits = spelling.removeprefix("-")
    if len(digits) <= _MOST_DIGITS and digits.isdigit():
        with contextlib.suppress(ValueError):  # the interpreter may be set to a lower limit
            return int(spelling)
    return float(spelling)


def read_word(token: Token) -> Read:
    """One of true, false and null, or a word that JSON does not have."""
    node = Node("literal", token.start, token.end, source=token.text)
    if token.text in _WORDS:
        node.value = _WORDS[token.text]
        return node, []
    meant = _MEANT.get(token.text)
    node.value = _WORDS[meant] if meant else token.text
    hint = f"did you mean {meant}?" if meant else "a string is written in double quotes"
    if token.text.lstrip("+-") in ("NaN", "Infinity"):
        hint = "numbers are finite"
    fix = ((token.start, token.end, meant),) if meant else ()
    return node, [JsonError("bad-word", f"{shown(token.text)} is not JSON: {hint}", token.start, token.end, fix)]


def shown(text: str) -> str:
    """A piece of source, short enough for a message."""
    return text if len(text) <= 30 else text[:29] + "…"
