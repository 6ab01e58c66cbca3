"""How a file writes the characters that JSON may write in two ways, so that new text is written alike."""

from __future__ import annotations

import re
from dataclasses import dataclass

from promptbits.text.json_string import encode

_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class EscapeStyle:
    r"""`beyond_ascii` escapes every character that is not ASCII (`\u00e9`), `slashes` writes `\/`."""

    beyond_ascii: bool = False
    upper_case: bool = False
    slashes: bool = False

    def encode(self, text: str) -> str:
        """The inside of the JSON string for a text."""
        inside = encode(text)
        if self.slashes:
            inside = inside.replace("/", "\\/")
        return _BEYOND_ASCII.sub(self._escape, inside) if self.beyond_ascii else inside

    def _escape(self, match: re.Match[str]) -> str:
        units = match[0].encode("utf-16-be", "surrogatepass")
        digits = units.hex().upper() if self.upper_case else units.hex()
        return "".join(f"\\u{digits[at : at + 4]}" for at in range(0, len(digits), 4))


def style_of(source: str) -> EscapeStyle:
    """The style of a text that holds JSON strings. What it does not tell is written as plainly as JSON allows."""
    if "\\" not in source:
        return EscapeStyle()
    digits = [match[1] for match in _ESCAPED.finditer(source) if match[1]]
    escaped = [each for each in digits if int(each, 16) > 0x7F]
    letters = [each for each in digits if not each.isdigit()]
    return EscapeStyle(
        # A few characters are often escaped so that one sees them; only a file without any other is of that style.
        beyond_ascii=bool(escaped) and source.isascii(),
        upper_case=bool(letters) and all(each == each.upper() for each in letters),
        slashes="\\/" in source and "/" not in _ESCAPED.sub("", source),
    )
