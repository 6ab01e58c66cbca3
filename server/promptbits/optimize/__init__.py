"""Better versions of a prompt: proposed by edits, filtered, scored from what was measured, and reviewed by people.

What it offers is imported when it is first asked for: the scorer needs numpy, which not every installation has.
"""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from promptbits.optimize.budget import Budget
    from promptbits.optimize.copro import Copro, CoproRun
    from promptbits.optimize.scorer.model import Observation, Scorer, ScorerFileError
    from promptbits.optimize.terms import Prediction

__all__ = ["Budget", "Copro", "CoproRun", "Observation", "Prediction", "Scorer", "ScorerFileError"]

_PLACES = {
    "Budget": "budget",
    "Copro": "copro",
    "CoproRun": "copro",
    "Observation": "scorer.model",
    "Prediction": "terms",
    "Scorer": "scorer.model",
    "ScorerFileError": "scorer.model",
}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = f"{__name__}.{_PLACES[name]}"
    __import__(module)
    found = getattr(sys.modules[module], name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*globals(), *__all__]
