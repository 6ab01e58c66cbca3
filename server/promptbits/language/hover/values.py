"""What a confidence and a version mean."""

from __future__ import annotations

from typing import Any, Final

from promptbits.language.markup import code
from promptbits.prompts.versions import is_version

_LONGEST: Final = 80
_OPERATORS: Final = {
    ">=": "{} or newer",
    "<=": "{} or older",
    "==": "exactly {}",
    "!=": "not {}",
    ">": "newer than {}",
    "<": "older than {}",
}


def confidence_meaning(value: Any) -> str:
    """A confidence in words; empty where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return ""
    scale = ": no belief at all" if value == 0 else ": certain" if value == 1 else ""
    return f"{code(str(value))} of 1{scale}. This is a belief that the author wrote down, not a measurement"


def version_meaning(value: Any) -> str:
    """The versions of the technology that a prompt applies to, in words; empty where it is none."""
    if not isinstance(value, str) or len(value) > _LONGEST or not is_version(value):
        return ""
    if value == "*":
        words = "every version"
    elif value[0] in "<>=!":
        words = ", and ".join(_part(part.strip()) for part in value.split(","))
    elif value.endswith("+"):
        words = f"{value[:-1]} or newer"
    else:
        line = value.removesuffix(".x")
        words = f"every release of {line}, such as {line}.1" if line.count(".") < 3 else f"the release {line}"
    return f"{code(value)}: {words}"


def _part(part: str) -> str:
    operator = part[:2] if part[:2] in _OPERATORS else part[:1]
    return _OPERATORS[operator].format(part[len(operator) :].strip())
