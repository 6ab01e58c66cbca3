"""Whether a new scorer is promoted.

The rule: each pair of texts that are measured now is held out in turn, from the new scorer and from the current one
alike. Both put the two in order, each from its own facts without those of the pair. The new one is promoted if it puts
no smaller share of the pairs in the right order than the current one does. The first one is compared with chance.

Only pairs count whose measured rates differ by more than their noise, since the order of the others is chance; all of
them where too few are that clear. Shares are compared to a tenth of a percent point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np

from promptbits.optimize.observations import MeasuredText
from promptbits.optimize.scorer import process as processes
from promptbits.optimize.scorer.kernel import Array, Kernel
from promptbits.optimize.scorer.model import Observation, Scorer
from promptbits.optimize.scorer.process import Process
from promptbits.optimize.training.figures import Held, held_out, predicted_differences

_Z: Final = 1.959963984540054
_ENOUGH: Final = 10
_PLACES: Final = 3


@dataclass(frozen=True, slots=True)
class Current:
    """The scorer that is used now, and the texts that it learned from."""

    number: int
    scorer: Scorer
    texts: Sequence[MeasuredText]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a new scorer is promoted, and why.

    Attributes:
        promoted: whether it is.
        reason: why, in words.
        new: how it did on the pairs that count.
        compared_with: the version in use before; None where there was none to compare with.
        before: how that one did on the same pairs.
    """

    promoted: bool
    reason: str
    new: Held
    compared_with: int | None = None
    before: Held | None = None


def fitted(kernel: Kernel, texts: Sequence[MeasuredText]) -> Process:
    """The process of measured texts, its rows in their order."""
    successes, trials = (np.array([each[at] for each in texts], float) for at in (1, 2))
    return processes.fit(kernel, kernel.features([each.text for each in texts]), successes, trials)


def held_out_pairs(kernel: Kernel, known: Sequence[MeasuredText], now: Sequence[MeasuredText]) -> Held:
    """How a scorer that learned from some texts does on each pair of those that are measured now, without the two."""
    row_of = {each.text: row for row, each in enumerate(known)}
    places = {at: row_of[each.text] for at, each in enumerate(now) if each.text in row_of}
    rows = kernel.features([each.text for each in now])
    predicted = predicted_differences(fitted(kernel, known), rows, places)
    return held_out(predicted, np.array([each.successes / each.trials for each in now]))


def verdict(
    new: Held, current: Current | None, now: Sequence[MeasuredText], alone: str = "there is no version in use"
) -> Verdict:
    """Judge a new scorer by what it does on the texts that are measured now.

    Args:
        new: how it does on them.
        current: what is in use.
        now: the texts.
        alone: why there is nothing to compare it with, where there is not.
    """
    clear = clearly_different(now)
    is_clear = np.count_nonzero(clear) >= 2 * _ENOUGH
    new = new.only(clear) if is_clear else new
    share = f"{_percent(new.accuracy)} of {new.pairs:,}{' clear' if is_clear else ''} held-out pairs in the right order"
    if current is None:
        if new.accuracy >= 0.5:
            return Verdict(True, f"{share}, where chance gives 50 % ({alone})", new)
        return Verdict(False, f"worse than chance: {share} ({alone})", new)
    before = held_out_pairs(current.scorer.kernel, current.texts, now)
    before = before.only(clear) if is_clear else before
    compared = f"{share}, version {current.number} {_percent(before.accuracy)}"
    # As they are printed: of ten thousand pairs, three that are chance must not keep a scorer of more facts away.
    if round(new.accuracy, _PLACES) >= round(before.accuracy, _PLACES):
        return Verdict(True, compared, new, current.number, before)
    return Verdict(False, f"worse on held-out facts: {compared}", new, current.number, before)


def clearly_different(texts: Sequence[MeasuredText]) -> Array:
    """A table of texts by texts: 1 where two measured rates differ by more than chance explains, at 95 %."""
    successes, trials = (np.array([each[at] for each in texts], float) for at in (1, 2))
    scores, noise = processes.stabilised(successes, trials)
    apart = np.abs(scores[:, None] - scores[None, :])
    return (apart > _Z * np.sqrt(noise[:, None] + noise[None, :])).astype(float)


def learned_from(card: Mapping[str, Any], texts: Mapping[str, str], scorer: Scorer) -> list[MeasuredText] | None:
    """The texts that a scorer learned from, as its card has them; None where they cannot be had any more.

    Args:
        card: what lies beside the scorer.
        texts: the texts by their hashes.
        scorer: the scorer; what it was made from has to give it again.
    """
    try:
        rows = cast("list[dict[str, Any]]", card["facts"]["each"])
        found = [MeasuredText(texts[row["content_sha256"]], row["successes"], row["trials"]) for row in rows]
        again = Scorer.fit([Observation(*each) for each in found], prior=scorer)
    except (KeyError, TypeError, ValueError):
        return None
    return found if again.digest == scorer.digest else None


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
