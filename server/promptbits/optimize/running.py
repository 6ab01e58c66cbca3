"""One optimization from end to end: what is measured, the scorer of it, the proposals, and the review that is left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from promptbits.checks.snapshot import Snapshot
from promptbits.facts.ids import content_sha256, new_id
from promptbits.optimize.observations import FactTexts, Measured, measured
from promptbits.optimize.offline import OfflineProposer
from promptbits.optimize.options import Options
from promptbits.optimize.reviews.lifecycle import By
from promptbits.optimize.reviews.model import (
    Candidate,
    Event,
    Origin,
    RefusedError,
    Rejected,
    Review,
    ReviewBasis,
    Run,
)
from promptbits.optimize.reviews.rebasing import basis_of
from promptbits.optimize.terms import Attempt, Basis, Prediction, Proposer
from promptbits.optimize.training.operators import kept_weights
from promptbits.optimize.training.serving import promoted, standing

if TYPE_CHECKING:
    from promptbits.optimize.scorer.model import Scorer

# As many as one round gives are kept for people to look at.
_MOST_CANDIDATES: Final = 10


class MissingExtraError(Exception):
    """What scores is not installed; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came upon.

    Attributes:
        original: the text as it was, scored.
        ranked: the proposals that passed the filters, the best first.
        original_rank: the place of the original among them; 1 where none comes before it.
        rejected: those that a filter refused.
        statistics: counts of the search.
    """

    original: Prediction
    ranked: Sequence[Attempt]
    original_rank: int
    rejected: Sequence[Rejected] = ()
    statistics: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Search(Protocol):
    """Proposes, filters and scores in rounds. Deterministic, unless time runs out."""

    def __call__(
        self,
        basis: Basis,
        proposer: Proposer,
        scorer: Scorer,
        options: Options,
        progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> Found:
        """Search for better texts than that of a basis."""
        ...


def optimize(
    snapshot: Snapshot,
    facts: FactTexts | None,
    options: Options,
    *,
    by: By,
    search: Search,
    origin: Origin | None = None,
    proposer: Proposer | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Review:
    """Propose better versions of a prompt. Nothing is changed and nothing kept: the review has no number yet.

    The same prompt, facts, options and origin give the same proposals, unless time runs out.

    Args:
        snapshot: the prompt as it is now; its content can be edited.
        facts: the store; None where nothing is measured.
        options: what was chosen.
        by: who asks for it.
        search: what searches.
        origin: the candidate of another review to go on from.
        proposer: who proposes; by itself the one that needs nothing but the prompt.
        progress: is told how far the search is, of how much.
        cancelled: asked often; the search ends with what there is once it says so.

    Raises:
        RefusedError: there is nothing to optimize.
        MissingExtraError: what scores is not installed.
    """
    if not snapshot.content.strip():
        raise RefusedError("the content is empty: there is nothing to optimize")
    learned = measured(snapshot, facts, options.model)
    scorer = promoted(snapshot, learned.model) or scorer_of(learned)
    weights = kept_weights(snapshot.root.path if snapshot.root else None) if proposer is None else {}
    proposes = proposer or OfflineProposer(weights)
    found = search(
        basis_of(snapshot, options.section, options.token_budget, origin),
        proposes,
        scorer,
        options,
        progress,
        cancelled,
    )
    candidates = _candidates(snapshot.content, found, scorer, origin)
    run = Run(
        proposer=proposes.name,
        seed=options.seed,
        breadth=options.breadth,
        depth=options.depth,
        scorer=scorer.digest,
        model=learned.model,
        measured_texts=scorer.texts,
        standing=standing(scorer, learned),
        ranks=scorer.ranks,
        why=scorer.why,
        # What a review compares with is the text of the file, whatever candidate the search went on from.
        original=found.original if origin is None else scorer.score([snapshot.content])[0],
        original_rank=found.original_rank if origin is None else None,
        statistics=found.statistics,
    )
    basis = review_basis(snapshot, options)
    return Review(
        number=0,
        id=new_id(),
        basis=basis,
        candidates=candidates,
        run=run,
        rejected=_counted(found.rejected),
        recommended=_recommended(candidates, scorer),
        origin=origin,
        history=(_begun(by, origin),),
        fingerprint=_fingerprint(basis, run, options, origin, weights),
    )


def scorer_of(learned: Measured) -> Scorer:
    """The scorer of what is measured; without measured texts the weak one that ships.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        from promptbits.optimize.scorer.model import Observation, Scorer
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("promptbits"):
            raise
        raise MissingExtraError(f"optimizing needs {error.name}: pip install 'promptbits[score]'") from error
    return Scorer.fit([Observation(*each) for each in learned.texts])


def rescoring(snapshot: Snapshot, facts: FactTexts | None, model: str) -> Callable[[Sequence[str]], list[Prediction]]:
    """A function that predicts how texts of a prompt do, from what is measured by now under a model."""
    return (promoted(snapshot, model) or scorer_of(measured(snapshot, facts, model))).score


def review_basis(snapshot: Snapshot, options: Options) -> ReviewBasis:
    """The text of a prompt as a review keeps it."""
    entry = snapshot.library.by_path(str(snapshot.path or ""))
    path: str | None = None
    if snapshot.path is not None and not (entry and entry.layer == "shipped"):
        path = (snapshot.relative_path or snapshot.path).as_posix()
    id_, revision = snapshot.prompt.get("id"), snapshot.prompt.get("revision", 1)
    return ReviewBasis(
        prompt_id=id_ if isinstance(id_, str) else "",
        path=path,
        content=snapshot.content,
        content_sha256=content_sha256(snapshot.content),
        revision=revision if isinstance(revision, int) and not isinstance(revision, bool) else 1,
        section=options.section,
        token_budget=options.token_budget,
    )


def _candidates(content: str, found: Found, scorer: Scorer, origin: Origin | None) -> tuple[Candidate, ...]:
    """The best proposals, with the edits that led to them from the text of the file."""
    before = origin.edits if origin else ()
    best = [each for each in found.ranked if each.proposal.text != content][:_MOST_CANDIDATES]
    return tuple(
        Candidate(
            each.proposal.text,
            (*before, *each.proposal.edits),
            each.prediction,
            scorer.probability_better(each.proposal.text, content) if scorer.texts else None,
            each.depth,
        )
        for each in best
    )


def _recommended(candidates: Sequence[Candidate], scorer: Scorer) -> int | None:
    """The first candidate that is likely enough to be better; None where the facts do not allow to say so."""
    from promptbits.optimize.scorer.wording import RECOMMENDED, shows_rates

    if not scorer.ranks or not shows_rates(scorer.evidence):
        return None
    likely = (number for number, each in enumerate(candidates, 1) if (each.probability_better or 0) >= RECOMMENDED)
    return next(likely, None)


def _counted(rejected: Sequence[Rejected]) -> tuple[Rejected, ...]:
    """Refusals, those for the same reason and by the same edits together, in the order in which they came."""
    counts: dict[tuple[str, tuple[str, ...]], int] = {}
    for each in rejected:
        key = each.reason, each.edits
        counts[key] = counts.get(key, 0) + each.count
    return tuple(Rejected(reason, edits, count) for (reason, edits), count in counts.items())


def _begun(by: By, origin: Origin | None) -> Event:
    if origin is None:
        return by.did("created")
    return by.did(
        "refined", candidate=origin.candidate, note=f"from candidate {origin.candidate} of review {origin.review}"
    )


def _fingerprint(
    basis: ReviewBasis, run: Run, options: Options, origin: Origin | None, weights: Mapping[str, float]
) -> str:
    """The same for runs that have the same to go on, and so give the same; empty where time may have run out."""
    if options.max_seconds is not None:
        return ""
    parts = [basis.prompt_id, basis.path, basis.content_sha256, basis.section, basis.token_budget]
    parts += [run.proposer, run.seed, run.breadth, run.depth, run.scorer, run.model]
    parts += [content_sha256(origin.text), origin.review, origin.candidate] if origin else []
    parts += [sorted(weights.items())] if weights else []
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
