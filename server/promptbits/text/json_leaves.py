"""Strings, numbers and words of JSON: their values, and what is wrong with their spelling."""

from __future__ import annotations

import re
from typing import Any, Final

from promptbits.text.json_string import encode
from promptbits.text.json_tokens import Token
from promptbits.text.json_tree import JsonError, Node

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
# What people write for a number: a plus sign, leading zeros, a point without a digit on one side.
_LOOSE_NUMBER = re.compile(r"([-+]?)0*([0-9]*?)(?:\.|(\.[0-9]+))?([eE][-+]?[0-9]+)?")
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
_CONTROL = re.compile(r"[\x00-\x1f]")

Read = tuple[Node, list[JsonError]]


def read_string(token: Token) -> Read:
    """A string in double quotes, or in single quotes with an error that mends them."""
    body = token.text
    quote = body[0]
    closed = len(body) > 1 and body[-1] == quote and _quote_ends(body)
    inside = body[1:-1] if closed else body[1:]
    node = Node("string", token.start, token.end, source=inside)
    node.value = node.string_map.text if "\\" in inside else inside
    errors: list[JsonError] = []
    if quote == "'":
        mended = '"' + inside.replace("\\'", "'").replace('"', '\\"') + '"'
        fix = ((token.start, token.end, mended),) if closed else ()
        message = "a string is written in double quotes"
        errors.append(JsonError("single-quotes", message, token.start, token.end, fix))
    elif not closed:
        errors.append(_unterminated(token))
    return node, errors + _bad_escapes(node, quote) + _control_characters(node)


def _bad_escapes(node: Node, quote: str) -> list[JsonError]:
    if "\\" not in node.source:
        return []
    errors: list[JsonError] = []
    for start, end in node.string_map.bad:
        escape = node.source[start:end]
        if escape == ("\\'" if quote == "'" else "\\"):
            continue  # mended with the quotes; or the last character of a string that was not closed
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


def _unterminated(token: Token) -> JsonError:
    # `"text,` at the end of a line: the comma was most likely meant to follow the string.
    body = token.text.rstrip(" \t")
    at = token.start + len(body) - (1 if len(body) > 1 and body.endswith(",") else 0)
    fix = ((at, at, '"'),) if not body.endswith("\\") else ()
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
    fix = ((token.start, token.end, written),) if written else ()
    message = f"{shown(token.text)} is not a JSON number{hint}"
    return node, [JsonError("bad-number", message, token.start, token.end, fix)]


def _mended_number(text: str) -> str:
    match = _LOOSE_NUMBER.fullmatch(text)
    if match is None:
        return ""
    sign, whole, fraction, exponent = match.groups("")
    return ("-" if sign == "-" else "") + (whole or "0") + fraction + exponent


def number_value(spelling: str) -> Any:
    """The value of a JSON number: an int, or a float, infinite where it is too large for one."""
    if spelling.lstrip("-").isdigit() and len(spelling) <= 4000:
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


def _quote_ends(body: str) -> bool:
    """Whether the last quote of a string token ends it, and is not escaped."""
    inside = body[:-1]
    return (len(inside) - len(inside.rstrip("\\"))) % 2 == 0


def shown(text: str) -> str:
    """A piece of source, short enough for a message."""
    return text if len(text) <= 30 else text[:29] + "…"
