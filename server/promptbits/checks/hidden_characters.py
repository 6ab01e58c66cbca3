"""Characters that a reader does not see and a model does.

They hide instructions (tag characters, runs of variation selectors), make text read in another order than it is
stored (bidirectional controls), or are left over from a paste (zero-width spaces, control characters). The same
characters are needed where scripts and emoji are written with them: a joiner in Persian or between emoji, a
directional mark beside Hebrew, the tags of a flag. Those are not reported.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from promptbits.checks.screening import KINDS, SUSPECTS, Kind


@dataclass(frozen=True, slots=True)
class HiddenMatch:
    """Adjacent hidden characters of one kind, in code points.

    Attributes:
        start: Offset of the first character.
        end: Offset after the last one.
        kind: What they are.
        name: Unicode name of the first one, or `U+XXXX` where it has none.
    """

    start: int
    end: int
    kind: Kind
    name: str


_ASCII_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KIND_PATTERNS: dict[Kind, re.Pattern[str]] = {kind: re.compile(f"[{chars}]") for kind, chars in KINDS.items()}

# Emoji as far as variation and joining need them: Extended_Pictographic without its unassigned planes' tail.
_PICTOGRAPH = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
_EMOJI_TAIL = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"  # VS16 and the skin tones
# A flag of a subdivision: black flag, country and subdivision in tag letters or digits, cancel tag. Longer runs
# of tags behind a black flag are a message, not a flag.
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{2}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,4}\U000e007f")

_RTL = "\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RTL_LETTER = re.compile(f"[{_RTL}]")
_BIDI = re.compile(f"[{KINDS['bidi']}]")
_PARAGRAPH = re.compile(r"[^\n\r\u2029]+")
_MARKS = "\u061c\u200e\u200f"
_OVERRIDES = "\u202d\u202e"
_CLOSERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)

# Scripts with joining or conjunct letters (right-to-left ones, the Indic family and its relatives, Tifinagh).
_JOINING = re.compile(
    f"[{_RTL}\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1cff\u2d30-\u2d7f\ua800-\uaaff\uabc0-\uabff"
    "\U00011000-\U00011fff]"
)
# Scripts written without spaces, where a break is allowed or forbidden by hand.
_UNSPACED = re.compile(
    "[\u0e00-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u1b00-\u1b7f\u2e80-\u9fff\ua980-\ua9df\uac00-\ud7a3"
    "\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_HIEROGLYPH = re.compile("[\U00013000-\U0001345f]")
_MONGOLIAN = re.compile("[\u1800-\u180a\u1810-\u18af]")
# Characters that are at home only close to certain others.
_HOMES: dict[str, re.Pattern[str]] = {
    "\u17b4": re.compile("[\u1780-\u17ff]"),
    "\u17b5": re.compile("[\u1780-\u17ff]"),
    "\u180e": _MONGOLIAN,
    "\u200b": _UNSPACED,
    "\u200c": _JOINING,
    "\u200d": _JOINING,
    "\u2060": _UNSPACED,
    "\u115f": re.compile("[\u1161-\u11ff\ud7b0-\ud7ff]"),
    "\u1160": re.compile("[\u1100-\u115e\u11a8-\u11ff\ua960-\ua97f]"),
    "\u3164": re.compile("[\u3131-\u318e]"),
    "\uffa0": re.compile("[\uffa1-\uffdc]"),
} | dict.fromkeys(map(chr, range(0x1D173, 0x1D17B)), re.compile("[\U0001d100-\U0001d172\U0001d17b-\U0001d1ff]"))
# Legitimate text has one or two of these in a row, and careless Khmer or Malayalam three or four times the same.
# Different ones, or more, are a code written in joiners and marks.
_INK_FREE_RUN = re.compile("[\u00ad\u061c\u200b-\u200f\u2060]{3,}")
_MOST_REPEATED = 8


def find_hidden(text: str) -> list[HiddenMatch]:
    """Finds the hidden characters of a text that its script or emoji do not call for, in order."""
    if text.isascii() and _ASCII_CONTROL.search(text) is None:
        return []
    marks = _bidi_at_home(text)
    found: list[HiddenMatch] = []
    for run in SUSPECTS.finditer(text):
        start, end = run.span()
        allowed = _allowed_in_run(text, start, end) | marks.intersection(range(start, end))
        for inkless in _INK_FREE_RUN.finditer(text, start, end):
            if len(set(inkless.group())) > 1 or len(inkless.group()) > _MOST_REPEATED:
                allowed.difference_update(range(*inkless.span()))
        for at in range(start, end):
            if at not in allowed:
                _append(found, text, at)
    return found


def decoded_tags(text: str) -> str:
    """Returns the ASCII text that the tag characters of a text spell."""
    return "".join(chr(ord(char) - 0xE0000) for char in text if "\U000e0020" <= char <= "\U000e007e")


def _append(found: list[HiddenMatch], text: str, at: int) -> None:
    """Adds one hidden character, to the match before it if that ends here and is of the same kind."""
    kind = _kind(text[at])
    if found and found[-1].end == at and found[-1].kind == kind:
        found[-1] = HiddenMatch(found[-1].start, at + 1, kind, found[-1].name)
    else:
        found.append(HiddenMatch(at, at + 1, kind, unicodedata.name(text[at], f"U+{ord(text[at]):04X}")))


def _kind(char: str) -> Kind:
    """The kind of a suspect character."""
    return next(kind for kind, chars in _KIND_PATTERNS.items() if chars.match(char))


def _allowed_in_run(text: str, start: int, end: int) -> set[int]:
    """Offsets of the characters of one run of suspects that are needed where they stand."""
    flag = _FLAG.match(text, start - 1) if start else None
    if flag is not None:
        return set(range(start, min(flag.end(), end)))
    # Not only the next letter: a quotation mark or a space may stand between a word and its joiner.
    around = SUSPECTS.sub("", text[max(start - 3, 0) : start] + text[end : end + 3])
    return {at for at in range(start, end) if _is_at_home(text, at, around)}


def _is_at_home(text: str, at: int, around: str) -> bool:
    """Whether a suspect character is needed where it stands; `around` is what stands close to its run."""
    char = text[at]
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if char == "\u200d" and _PICTOGRAPH.match(after) and _PICTOGRAPH.match(_emoji_base(text, at)):
        return True
    if char in _HOMES:
        return _HOMES[char].search(around) is not None
    if char == "\u00ad":  # where a word may be hyphenated
        return before.isalpha() and after.isalpha()
    if char == "\u034f":  # keeps combining marks apart
        return unicodedata.combining(after or " ") != 0
    return before != "" and _takes_variation(before, char)


def _emoji_base(text: str, at: int) -> str:
    """The character that an emoji ending at an offset is built on, behind at most two modifiers."""
    for _ in range(2):
        if at and text[at - 1] in _EMOJI_TAIL:
            at -= 1
    return text[at - 1 : at]


def _takes_variation(base: str, selector: str) -> bool:
    """Whether a variation selector may follow a character, as far as the character's class tells."""
    if "\U000e0100" <= selector <= "\U000e01ef":
        return _IDEOGRAPH.match(base) is not None
    if selector in "\u180b\u180c\u180d\u180f":
        return _MONGOLIAN.match(base) is not None
    category = unicodedata.category(base)
    if selector in "\ufe0e\ufe0f":  # text or emoji style; ASCII has it for keycaps only
        return base in "0123456789#*\u20e3" or (not base.isascii() and category[0] in "SP") or base == "\u2139"
    if selector in "\ufe00\ufe01\ufe02":  # ideographs, mathematical symbols, quotation marks, the slashed zero
        return base == "0" or (not base.isascii() and (category[0] in "SP" or category == "Lo"))
    return _HIEROGLYPH.match(base) is not None and "\ufe03" <= selector <= "\ufe06"


def _bidi_at_home(text: str) -> set[int]:
    """Offsets of directional controls that belong to right-to-left text.

    A mark belongs where its paragraph or the next one to it has a right-to-left letter (it is what starts a line of
    digits or Latin between such lines), an embedding or isolate where its own paragraph has one and closes it. An
    override never does: nobody needs one to write, and it is how source code is made to lie.
    """
    home: set[int] = set()
    if _BIDI.search(text) is None:
        return home
    spans = [paragraph.span() for paragraph in _PARAGRAPH.finditer(text)]
    written = [_RTL_LETTER.search(text, *span) is not None for span in spans]
    for index, (start, end) in enumerate(spans):
        if not any(written[max(index - 1, 0) : index + 2]):
            continue
        opened: list[int] = []
        for control in _BIDI.finditer(text, start, end):
            at, char = control.start(), control.group()
            if char in _MARKS:
                home.add(at)
            elif char in _CLOSERS:
                opened.append(at)
            elif opened and _CLOSERS[text[opened[-1]]] == char:
                opener = opened.pop()
                if written[index] and text[opener] not in _OVERRIDES:
                    home.update((opener, at))
    return home
