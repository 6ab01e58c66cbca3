"""Every check: its name, how bad what it finds is, and what it is about.

Error: the prompt cannot be loaded or rendered. Warning: almost surely a mistake. Information: worth a look.
Hint: unused things, and what is only good to know. `docs/checks.md` has a bad and a good example for each; a test
holds the two together.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from promptbits.checks.finding import Severity


class Check(NamedTuple):
    """One check. `plain` ones are those that any JSON server with our schema also makes."""

    severity: Severity
    summary: str
    plain: bool = False


CHECKS: Final[dict[str, Check]] = {
    "json-syntax": Check("error", "The file is not JSON", plain=True),
    "invalid-encoding": Check("error", "The file is not UTF-8"),
    "conflict-marker": Check("error", "A merge conflict was left in the file"),
    "missing-key": Check("error", "A required key is missing", plain=True),
    "unknown-key": Check("warning", "A key that a PromptBit does not have", plain=True),
    "wrong-type": Check("error", "A value of the wrong type", plain=True),
    "invalid-value": Check("error", "A value that is not allowed", plain=True),
    "out-of-range": Check("error", "A number or a size beyond its limits", plain=True),
    "invalid-version": Check("warning", "A version that is not one"),
    "id-file-name": Check("warning", "The id differs from the file name"),
    "duplicate-id": Check("error", "Two prompts of one layer share an id"),
    "unknown-reference": Check("warning", "A parent or related prompt that does not exist"),
    "lineage-cycle": Check("warning", "A prompt descends from itself"),
    "source-folder": Check("warning", "The source does not fit the folder"),
    "duplicate-trigger": Check("information", "Several prompts have the same trigger"),
    "undeclared-variable": Check("warning", "A placeholder whose variable is not declared"),
    "unused-variable": Check("hint", "A declared variable that the content does not use"),
    "malformed-placeholder": Check("warning", "Almost a placeholder of a declared variable"),
    "mixed-delimiters": Check("information", "Both kinds of placeholder in one prompt"),
    "default-type": Check("error", "A default that does not fit its variable"),
    "empty-content": Check("warning", "The content is empty"),
    "unclosed-fence": Check("warning", "A code fence is not closed"),
    "oversized-content": Check("information", "The content is very long"),
    "secret-in-content": Check("warning", "The content holds what looks like a secret"),
    "hidden-characters": Check("warning", "The content holds characters that nobody sees"),
    "confidence-drift": Check("information", "The confidence is not what is measured"),
    "stale-statistics": Check("hint", "Nothing is measured of the text since it changed"),
    "regression": Check("information", "Less succeeds than with the parent"),
}
