"""The search that an optimization runs: COPRO behind the filters, and what it found if it ran before."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from promptbits.optimize.budget import Budget
from promptbits.optimize.cache import RunCache, cache_key
from promptbits.optimize.copro import Copro
from promptbits.optimize.filters import BasisFilter
from promptbits.optimize.options import Options
from promptbits.optimize.reviews.model import Rejected
from promptbits.optimize.running import Found, Search
from promptbits.optimize.terms import Attempt, Basis, Prediction, Proposal, Proposer
from promptbits.optimize.training.operators import kept_weights

if TYPE_CHECKING:
    from promptbits.optimize.scorer.model import Scorer

_CANCELLED: Final = "cancelled"
_OUT_OF_BUDGET: Final = "out_of_budget"


def search(
    basis: Basis,
    proposer: Proposer,
    scorer: Scorer,
    options: Options,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Found:
    """Search for better texts than that of a basis, with COPRO. It is a `Search`.

    The statistics say `cancelled` and `out_of_budget` where the search ended early.
    """
    copro = Copro(proposer, scorer, options.breadth, options.depth, options.seed)
    run = copro.run(basis, budget=Budget(seconds=options.max_seconds), progress=progress, cancelled=cancelled)
    statistics = {**run.statistics, _CANCELLED: run.cancelled, _OUT_OF_BUDGET: run.out_of_budget}
    return Found(run.original.prediction, run.proposals, run.place, run.rejected, statistics)


def refuses(basis: Basis, text: str) -> str | None:
    """The code of the first filter that refuses a text for a prompt; None if it may be proposed."""
    return next((each.code for each in BasisFilter(basis).check(text)), None)


def remembering(root: Path | None) -> Search:
    """The search of a root: what ran there before with the same weights of operators is not run again."""
    return search if root is None else cached(RunCache(root), {"weights": kept_weights(root)})


def cached(cache: RunCache, settings: Mapping[str, Any]) -> Search:
    """A search that looks first whether it ran before, and keeps what it finds if it goes through all of its rounds.

    Args:
        cache: what is kept.
        settings: all that the proposer goes by beside its name and the prompt, such as learned weights or the name of
            a model, as values of JSON: what is not said here is taken to be the same always.
    """

    def look_first(
        basis: Basis,
        proposer: Proposer,
        scorer: Scorer,
        options: Options,
        progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> Found:
        run = {"proposer": proposer.name, "breadth": options.breadth, "depth": options.depth, "seed": options.seed}
        key = cache_key(basis, scorer.digest, {**run, "settings": dict(settings)})
        known = _from_json(cache.get(key))
        if known is not None:
            if progress is not None:
                progress(options.breadth * options.depth, options.breadth * options.depth)
            return known
        found = search(basis, proposer, scorer, options, progress, cancelled)
        if not (found.statistics[_CANCELLED] or found.statistics[_OUT_OF_BUDGET]):
            with contextlib.suppress(ValueError):  # a scorer may say what JSON has no number for
                cache.put(key, _to_json(found))
        return found

    return look_first


def _to_json(found: Found) -> dict[str, Any]:
    return {
        "original": _figures(found.original),
        "ranked": [
            [each.proposal.text, list(each.proposal.edits), _figures(each.prediction), each.depth]
            for each in found.ranked
        ],
        "original_rank": found.original_rank,
        "rejected": [[each.reason, list(each.edits), each.count] for each in found.rejected],
        "statistics": dict(found.statistics),
    }


def _figures(prediction: Prediction) -> list[Any]:
    return [prediction.mean, prediction.std, prediction.evidence]


def _from_json(value: Any) -> Found | None:
    """What was kept; None where it is nothing, or nothing that can be read."""
    try:
        return Found(
            original=Prediction(*value["original"]),
            ranked=tuple(
                Attempt(Proposal(text, tuple(edits)), Prediction(*figures), depth)
                for text, edits, figures, depth in value["ranked"]
            ),
            original_rank=value["original_rank"],
            rejected=tuple(Rejected(reason, tuple(edits), count) for reason, edits, count in value["rejected"]),
            statistics=value["statistics"],
        )
    except (TypeError, KeyError, ValueError):
        return None
