"""Every operator, with what authors are told about it and how often it is tried."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final, NamedTuple

from promptbits.optimize.operators import (
    additions,
    arranging,
    commanding,
    layout,
    restructuring,
    rules,
    shortening,
    strength,
    trimming,
    variables,
)
from promptbits.optimize.operators.edits import Edit
from promptbits.optimize.operators.view import View

Function = Callable[[View, random.Random], list[Edit] | None]


class Operator(NamedTuple):
    """One way to edit a prompt.

    Attributes:
        name: what traces, reviews and learned weights call it.
        rationale: why it is done, for authors.
        weight: how often it is tried beside the others, before anything was learned.
        function: gives the edits, or None where it does not apply.
        english: whether it knows English only.
        whole: whether its edits hold together: all of them, or none.
        variants: how many ways it has to do it.
        adds: whether it only makes a prompt longer: of no use where it is to become shorter.
    """

    name: str
    rationale: str
    weight: float
    function: Function
    english: bool = True
    whole: bool = False
    variants: int = 1
    adds: bool = False


_TABLE: Final = (
    Operator("shorten", "Words and sentences that carry least go, until the budget is kept.", 3.0, shortening.shorten,
             variants=8),
    Operator("imperative-mood", "Commands are followed more surely than descriptions of what one should do.", 3.0,
             commanding.imperative),
    Operator("active-voice", "Says what is to be done, not what should be done to something.", 2.0,
             commanding.active_voice),
    Operator("negative-to-positive", "Says what to do where only what not to do was said, if both mean the same.", 2.0,
             commanding.positive),
    Operator("politeness-out", '"Please" and "could you" add words, not meaning.', 1.5, trimming.politeness),
    Operator("hedges-out", '"Try to" and "you may want to" leave open whether it has to be done.', 2.0,
             trimming.hedges),
    Operator("filler-out", "Words without content take attention from those that have some.", 1.5, trimming.filler),
    Operator("plain-words", "Short words for wordy phrases.", 1.5, trimming.wordy_phrases),
    Operator("must-for-should", "What is required is said as a requirement.", 2.0, strength.must),
    Operator("full-negations", 'A "not" that stands alone is not read over.', 1.0, strength.full_negations, adds=True),
    Operator("shouting-calmed", "Capital letters and exclamation marks everywhere emphasise nothing.", 1.0,
             strength.calm),
    Operator("constraints-emphasised", "The few hard constraints stand out.", 1.0, strength.emphasis, adds=True),
    Operator("amounts-named", 'An amount that can be counted, instead of "a few" or "several".', 2.0, strength.amounts,
             adds=True),
    Operator("duplicates-out", "What was said before in the same words is said once.", 1.5, restructuring.duplicates,
             english=False),
    Operator("sentences-split", "Two instructions in one long sentence become two sentences.", 1.0,
             restructuring.split_long),
    Operator("steps-from-prose", '"First", "then", "finally" become numbered steps.', 2.0, restructuring.steps),
    Operator("list-from-commands", "A paragraph that is nothing but instructions becomes a list.", 1.5,
             restructuring.listed),
    Operator("list-from-series", "What is asked for in one line becomes a list that can be ticked off.", 1.5,
             restructuring.series),
    Operator("steps-numbered", "Steps with numbers keep their order and can be named.", 1.0, arranging.numbered),
    Operator("constraints-gathered", "What must never happen stands together in one place.", 1.5,
             arranging.constraints, whole=True),
    Operator("sections-reordered", "Who, what, how, output, input: each where readers look for it.", 1.0,
             arranging.reorder, whole=True),
    Operator("role-line", "Says from whose point of view the work is done.", 1.5, additions.role,
             whole=True, variants=2, adds=True),
    Operator("plan-first", "Has the task understood, and its order settled, before the work begins.", 1.0,
             rules.plan,
             whole=True, variants=2, adds=True),
    Operator("specialisation", "Names the technology and its conventions, as the trigger gives them.", 1.5,
             rules.specialisation,
             whole=True, variants=2, adds=True),
    Operator("scope-rule", "Keeps the work to what was asked.", 1.0, rules.scope,
             whole=True, variants=2, adds=True),
    Operator("evidence-rule", "Has statements supported, so that they can be checked.", 1.0, rules.grounds,
             whole=True, variants=2, adds=True),
    Operator("uncertainty-rule", "Says what to do where information is missing, so that nothing is invented.", 1.5,
             rules.uncertainty,
             whole=True, variants=2, adds=True),
    Operator("direct-answer", "Has the answer begin with what was asked for.", 1.0, rules.directness,
             whole=True, variants=2, adds=True),
    Operator("output-section", "Says what the answer has to look like.", 2.0, additions.output,
             whole=True, variants=2, adds=True),
    Operator("definition-of-done", "Says when the work is finished, as conditions that can be checked.", 1.0,
             additions.definition_of_done,
             whole=True, variants=2, adds=True),
    Operator("verification-step", "Has the result checked before it is handed over.", 1.5, additions.verification,
             whole=True, variants=2, adds=True),
    Operator("variables-delimited", "Tags show where the text that is filled in begins and ends.", 2.0,
             variables.delimiters, english=False, adds=True),
    Operator("material-not-orders", "What is filled in is worked on, not obeyed.", 1.5, variables.material,
             whole=True, adds=True),
    Operator("list-markers", "One mark for all items of lists.", 0.5, layout.markers, english=False),
    Operator("item-ends", "Items of one list end alike.", 0.5, layout.item_ends, english=False),
    Operator("heading-marks", "Headings end without a colon or a full stop.", 0.5, layout.heading_marks, english=False),
    Operator("heading-levels", "No heading skips a level.", 0.5, layout.heading_levels, english=False, whole=True),
    Operator("headings-from-bold", "Bold lines that serve as headings become headings.", 1.0, layout.bold_headings,
             english=False, whole=True),
    Operator("headings-from-labels", "Lines that name the list below them become headings.", 1.0,
             layout.label_headings, english=False, whole=True),
    Operator("heading-case", "Headings in ordinary letters are easier to read.", 0.5, layout.heading_case),
    Operator("spacing", "Blank lines where readers expect them, and nowhere else.", 0.3, layout.spacing, english=False),
)  # fmt: skip

# Operators that change what another one has taken as its pattern: new headings look like those that stand there.
_ADD_SECTIONS: Final = ("output-section", "definition-of-done", "verification-step", "constraints-gathered")
CONFLICTS: Final = {
    (one, other)
    for one in ("heading-case", "heading-levels", "headings-from-bold", "headings-from-labels")
    for other in _ADD_SECTIONS
}

# In the order in which edits at the same place follow each other.
OPERATORS: Final = {operator.name: operator for operator in _TABLE}
