"""Operators that leave words out: politeness, hedges, filler, wordy phrases."""

from __future__ import annotations

import random
from typing import Final

from promptbits.optimize.operators.edits import Edit
from promptbits.optimize.operators.verbs import COMMAND, VERB, is_command
from promptbits.optimize.operators.view import View
from promptbits.optimize.operators.wording import reworded, rule

_START: Final = r"(?:please|kindly)"
_POLITE: Final = (
    rule(rf"(?P<x>(?:can|could|would|will) you (?:please |kindly )?)(?=(?:{VERB})[^?\n]*\.)", at_start=True),
    rule(rf"(?P<x>i (?:would like|want|need) you to )(?={VERB})", at_start=True),
    rule(rf"(?P<x>{_START},? )(?={COMMAND}|do not |don['’]t )", at_start=True),
    rule(rf"(?:,|\b(?:and|then|so|but|or)) (?P<x>{_START} )(?={COMMAND}|do not |don['’]t )"),
    rule(r"(?P<x>,? please)(?=\.)"),
)


def politeness(view: View, _rng: random.Random) -> list[Edit] | None:
    """Please, kindly, could you."""
    return reworded(view, _POLITE)


_TRIED: Final = (
    r"(?:keep|avoid|use|write|make|be|include|follow|provide|give|limit|explain|stay|stick|summarize|maintain|"
    r"reuse|minimize|prefer|match|preserve|ensure|focus|respond|answer|organize|structure|name|group)\b"
)
_HEDGES: Final = (
    rule(rf"(?P<x>(?:try|attempt|aim|strive|do your best) to )(?={_TRIED})", at_start=True),
    rule(rf"(?P<x>always (?:try|attempt|aim|strive) to )(?={_TRIED})", "Always ", at_start=True),
    rule(rf"(?P<x>you (?:might|may) (?:also )?want to )(?={VERB})", at_start=True),
    rule(rf"(?P<x>it (?:would|might|may) be (?:good|great|nice|best|better|helpful|useful) (?:if you |to ))(?={VERB})"
         , at_start=True),
    rule(rf"(?P<x>it is (?:recommended|advisable|advised|best|good practice|a good idea) to )(?={VERB})"
         , at_start=True),
    rule(r"(?P<x>(?:i think|i believe|i guess|perhaps|maybe|ideally|hopefully|in general|generally speaking),? )"
         rf"(?={COMMAND})", at_start=True),
    rule(r"(?P<x>,? (?:if you can|if you could|to the best of your ability|as best (?:as )?you can))(?=[,.])"),
)  # fmt: skip


def hedges(view: View, _rng: random.Random) -> list[Edit] | None:
    """Try to, you may want to, perhaps."""
    return reworded(view, _HEDGES)


_SURE: Final = (
    r"(?:important|clear|clearly|careful|carefully|useful|helpful|concise|brief|specific|detailed|thorough|strict|"
    r"strictly|explicit|precise)\b"
)


def _unscaled(words: str, _at: int) -> bool:
    """Not where a scale is described: there, "very" tells two of its steps apart."""
    return "(" not in words and "scale" not in words and (is_command(words) or words.startswith(("Be ", "You ")))


_FILLER: Final = (
    rule(r"(?P<x>(?:please )?(?:note|be aware|keep in mind|remember|bear in mind) that,? )", at_start=True),
    rule(r"(?P<x>it (?:is|'s) (?:also )?(?:important|worth|essential|crucial) (?:to note|noting|to remember) that )"
         , at_start=True),
    rule(r"(?P<x>it should be noted that )", at_start=True),
    rule(r"(?P<x>(?:take a deep breath|take a step back) and )(?=think\b)", at_start=True),
    rule(r"(?P<x>(?:basically|obviously|of course|needless to say|as you know|essentially|in essence|clearly|"
         r"at the end of the day|as a matter of fact|in fact|to be honest|indeed|to put it simply), )", at_start=True),
    rule(rf"\b(?P<x>(?:very|really|extremely|incredibly|super) )(?={_SURE})", holds=_unscaled),
    rule(r"(?<=[a-z,] )(?P<x>(?:basically|obviously|essentially) )(?=[a-z])"),
    rule(rf"(?P<x>simply )(?={VERB})", at_start=True),
)  # fmt: skip


def filler(view: View, _rng: random.Random) -> list[Edit] | None:
    """Note that, basically, very important."""
    return reworded(view, _FILLER)


_WORDY: Final = (
    rule(r"\bin order to\b", "to"),
    rule(r"\butilize\b", "use"),
    rule(r"\butilise\b", "use"),
    rule(r"\butiliz(?:es)\b", "uses"),
    rule(r"\butilizing\b", "using"),
    rule(r"\butilized\b", "used"),
    rule(r"\bprior to\b", "before"),
    rule(r"\bsubsequent to\b", "after"),
    rule(r"\bdue to the fact that\b", "because"),
    rule(r"\bin the event that\b", "if"),
    rule(r"\bat this point in time\b", "now"),
    rule(r"\bwith (?:regards?|respect) to\b", "about", at_start=True),
    rule(r"\bfor the purposes? of\b", "for"),
    rule(r"\bis able to\b", "can"),
    rule(r"\bare able to\b", "can"),
    rule(r"\bha(?:s|ve) the ability to\b", "can"),
    rule(r"\bmake use of\b", "use"),
    rule(r"\bmaking use of\b", "using"),
    rule(r"\beach and every\b", "every"),
    rule(r"\bfirst and foremost\b", "first"),
    rule(r"\ba (?:large|great) number of\b", "many"),
    rule(r"\bthe (?:vast )?majority of\b", "most"),
    rule(r"\bon a regular basis\b", "regularly"),
    rule(r"\b(?:until|till) such time as\b", "until"),
    rule(r"\btake into (?:account|consideration) (?=the|all|any|how|what|your)", "consider ", at_start=True),
    rule(r"\bleverage (?=[a-z\0])", "Use ", at_start=True),
    rule(r"\bconduct an? (?P<kind>analysis|review) of\b", "analyze", at_start=True, holds=lambda w, _: "analysis" in w),
    rule(r",? including,? but not limited to,?", " including"),
)


def wordy_phrases(view: View, _rng: random.Random) -> list[Edit] | None:
    """In order to, utilize, prior to."""
    return reworded(view, _WORDY)
