"""Operators that add a part that prompts are often missing: a role, an output format, a check, when it is done."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Final

from promptbits.optimize.operators.about import KINDS, OPENING, mentions, technology
from promptbits.optimize.operators.edits import Edit, insertion
from promptbits.optimize.operators.places import add_item, appended, bullet, is_closed
from promptbits.optimize.operators.view import View

_ROLE: Final = re.compile(
    r"\byou(?:['’]re| are| act| will act| work)\b|\bact as\b|\bas an? \w+ (?:expert|engineer|developer)|"
    r"\bpersona\b|\brole\b|\bidentity\b|\byour (?:job|task|purpose)\b|\bI am\b|\bmode\b",
    re.IGNORECASE,
)


def _roles(kind: str, name: str, category: str | None) -> tuple[str, str]:
    if category == "Testing":
        return (
            f"You are an experienced test engineer who works with {name}.",
            f"You are a test engineer: with {name}, you write tests that fail for one reason only.",
        )
    if kind == "Infrastructure":
        return (
            f"You are an experienced engineer who runs {name} in production.",
            f"You are an engineer who is on call for what you set up with {name}.",
        )
    if kind == "BuildSystem":
        return (
            f"You are an experienced engineer who maintains builds with {name}.",
            f"You are an engineer who keeps builds with {name} fast and reproducible.",
        )
    return (
        f"You are an experienced {name} developer.",
        f"You are a senior {name} developer who writes code that others have to maintain.",
    )


def role(view: View, rng: random.Random) -> list[Edit] | None:
    """You are an experienced Django developer."""
    name = technology(view)
    if name is None or view.basis.trigger is None or _ROLE.search(view.text[:OPENING]) or not is_closed(view):
        return None
    line = rng.choice(_roles(view.basis.trigger[0], name, view.basis.category))
    headings = view.markdown.headings
    first = view.lines[0] if view.lines else None
    if first is None or first.kind not in ("heading", "text"):
        return None
    if first.kind == "text" and not (view.blocks and view.blocks[0].prose):
        return None
    gap = view.newline * 2
    if first.kind == "heading" and headings[0].level == 1 and len(view.lines) > 1:
        below = view.lines[1].kind
        return [insertion(first.end, gap + line + ("" if below == "blank" else view.newline))]
    return [insertion(0, line + gap)]


def _section(view: View, title: str, choices: Sequence[Sequence[str]], rng: random.Random) -> list[Edit] | None:
    mark = bullet(view)
    edit = appended(view, title, "\n".join(f"{mark} {item}" for item in rng.choice(choices)))
    return [edit] if edit else None


# Categories whose prompts ask for something to be made, rather than describing how something works.
_CODE_OUTPUT: Final = (
    (
        "Give complete code that runs, without parts left out.",
        "Name the file that each piece of code belongs to.",
        "After the code, explain in a few sentences what is not obvious from it.",
    ),
    (
        "Start with the code or the change itself; explain it afterwards.",
        "Show only what changes, with enough around it to find the place.",
        "Say what you assumed and what you could not verify.",
    ),
)
_TEST_OUTPUT: Final = (
    (
        "Give complete tests that run, with their imports.",
        "Name each test after the behavior that it protects.",
        "Say which behavior remains untested, and why.",
    ),
    (
        "List the cases first, then the tests in the same order.",
        "Give every test its own set-up, so that it passes alone.",
        "Say how to run them.",
    ),
)
_TEXT_OUTPUT: Final = (
    (
        "Start with the result; give the reasons afterwards.",
        "Use headings and lists only where they help to find something.",
        "Say what you could not determine instead of guessing it.",
    ),
    (
        "Give the result only, without an introduction or a closing remark.",
        "Use Markdown, and keep the order of the instructions.",
        "Mark what is an assumption.",
    ),
)


def output(view: View, rng: random.Random) -> list[Edit] | None:
    """A section that says what the answer looks like."""
    asked = r"output|format|deliver|respon[sd]|report|answer|hand(?:ing)? over|return only|when asked"
    if mentions(view, asked, headings=True) or mentions(view, r"\boutput (?:only|the|a)\b|\brespond (?:with|in)\b|"
                                                          r"\bdeliver\b|\bwhen asked\b|\banswer with\b"):  # fmt: skip
        return None
    kind = (view.basis.trigger or ("", ""))[0]
    if view.basis.category == "Testing":
        choices = _TEST_OUTPUT
    elif kind in ("Custom", "") and not mentions(view, r"\bcode\b"):
        choices = _TEXT_OUTPUT
    else:
        choices = _CODE_OUTPUT
    return _section(view, "Output", choices, rng)


_CHECKS: Final = (
    "Before you answer, compare the result with every instruction above and correct what does not hold.",
    "Read the result once more as a strict reviewer would, and correct what you would object to.",
)
_CODE_CHECKS: Final = (
    "Before you answer, read the code once more: does it run as given, is every name defined, is every error handled?",
    "Before you answer, walk through the code with an ordinary input, an empty one and an invalid one.",
)
_CHECK_TITLE: Final = (
    r"^(?:[0-9]+\W+)?(?:self-?check|check|verif|validat|prove|definition of done|done|acceptance|quality)"
)
_CHECKED: Final = (
    r"\b(?:verify|double-check|self-check|before (?:you answer|you hand|answering|handing|submitting|finishing)|prove|"
    r"once more)\b"
)


def verification(view: View, rng: random.Random) -> list[Edit] | None:
    """A last step that checks the result."""
    if mentions(view, _CHECK_TITLE, headings=True) or mentions(view, _CHECKED):
        return None
    steps = [section for section in view.sections if section.kind == "steps" and section.level]
    if len(steps) == 1:
        words = "Check the result against the instructions before you hand it over."
        edit = add_item(view, steps[0], words)
        return [edit] if edit else None
    about_code = (view.basis.trigger or ("", ""))[0] in ("Framework", "Language")
    words = rng.choice(_CODE_CHECKS if about_code else _CHECKS)
    edit = appended(view, "Check", words)
    if edit is not None and not view.markdown.headings:
        edit = Edit(edit.start, edit.end, view.newline * 2 + words)
    return [edit] if edit else None


_DONE: Final = (
    (
        "Every instruction above is followed, or the answer says which one is not and why.",
        "Nothing is left as a placeholder or for later.",
        "Somebody who has not read this conversation can use the result.",
    ),
    (
        "The result does what was asked, no less and no more.",
        "Each claim in it is supported by the material, or marked as an assumption.",
    ),
)
_CODE_DONE: Final = (
    (
        "The change does what was asked and touches nothing else.",
        "It builds without new warnings, and the tests pass.",
        "A reader can tell from the names and the tests what it does.",
    ),
    (
        "The code runs as given, with no parts left out.",
        "Errors are handled where they can occur.",
        "What could not be verified is named.",
    ),
)


def definition_of_done(view: View, rng: random.Random) -> list[Edit] | None:
    """When the work is finished, as conditions that can be checked."""
    if mentions(view, r"done|accept|success|criteria|check|deliver|finish|report", headings=True):
        return None
    if mentions(view, r"\bdefinition of done\b|\bdone (?:when|means)\b|\bacceptance criteria\b"):
        return None
    about_code = (view.basis.trigger or ("", ""))[0] in KINDS
    return _section(view, "Done when", _CODE_DONE if about_code else _DONE, rng)
