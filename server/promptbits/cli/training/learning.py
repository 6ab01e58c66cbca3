"""Train all that there is to train in a root, keep it, and let each training be a fact."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from promptbits.cli.console import say
from promptbits.cli.errors import CommandError
from promptbits.cli.prompts_at_hand import AtHand

if TYPE_CHECKING:
    from promptbits.facts.sqlite.embedded import SqliteStore
    from promptbits.facts.store import Fact
    from promptbits.optimize.training.operators import Learned
    from promptbits.optimize.training.trainer import Training

_STEPS: Final = 3  # of one training


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        facts: the store; it need not be there.
        is_there: whether it is.
        trained: the trainings, by lineage and model.
        operators: what was learned of operators; None where there is no store.
        changed: whether the weights of operators are other ones now.
    """

    facts: Path
    is_there: bool
    trained: Sequence[Training] = ()
    operators: Learned | None = None
    changed: bool = False


def learn(here: AtHand, first: str | None, model: str | None) -> Outcome:
    """Train the scorers of a root, and the weights of operators.

    Args:
        here: the root.
        first: the first prompt of the one lineage that is asked for.
        model: the one model that is asked for.

    Raises:
        CommandError: what trains is not installed, another process trains here, or something cannot be written.
    """
    from promptbits.cli.facts.opening import opened, take_in_waiting
    from promptbits.facts.locating import facts_path
    from promptbits.optimize.training import operators

    root, path = here.root.path, facts_path(here.root.path)
    take_in_waiting(path)
    if not path.exists():
        return Outcome(path, is_there=False)
    train = _trainer()
    with alone(root):
        with opened(path, read_only=True) as store:
            trained = _train_all(here, store, first, model, train)
            learned = operators.learn(store.facts(kinds=["evolution"]), store.summaries())
        changed = operators.keep(root, learned)
        facts = [fact for fact in (each.fact() for each in trained) if fact is not None]
        texts = {text.text for each in trained if each.card for _, text in each.material.texts}
        record(path, [*facts, *([learned.fact()] if changed else [])], sorted(texts))
    return Outcome(path, True, trained, learned, changed)


@contextmanager
def alone(root: Path) -> Generator[None]:
    """Keep other processes from training here meanwhile."""
    from promptbits.optimize.training.registry import BusyError
    from promptbits.optimize.training.registry import alone as by_itself

    try:
        with by_itself(root):
            yield
    except BusyError as error:
        raise CommandError(f"{error}: try again, or end it") from error


def record(path: Path, facts: Sequence[Fact], texts: Sequence[str] = ()) -> None:
    """Put facts into the store. Where that fails it is said, and what was trained stays."""
    from promptbits.cli.facts.adding import add_facts

    if not facts:
        return
    try:
        add_facts(path, facts, texts)
    except CommandError as error:
        say(f"{error}: this training is no fact")


def _trainer() -> Callable[..., Training]:
    """The function that trains."""
    try:
        from promptbits.optimize.training.trainer import train
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("promptbits"):
            raise
        raise CommandError(f"training needs {error.name}: pip install 'promptbits[score]'") from error
    return train


def _train_all(
    here: AtHand, store: SqliteStore, first: str | None, model: str | None, train: Callable[..., Training]
) -> list[Training]:
    from promptbits.cli.progress import Progress
    from promptbits.optimize.training.material import lineages, materials
    from promptbits.optimize.training.places import folder_of
    from promptbits.optimize.training.registry import Versions
    from promptbits.optimize.training.trainer import ParityError

    measured = (row.prompt_id for row in store.summaries())
    ids = [first] if first is not None else lineages(here.library, measured)
    found = [each for id_ in ids for each in materials(here.root, here.library, store, id_, model)]
    # A model that was asked for is unknown to most lineages; they were not asked for.
    found = [each for each in found if first is not None or each.texts or each.unknown]
    trained: list[Training] = []
    with Progress("Training") as progress:
        for number, material in enumerate(found):
            progress(_STEPS * number, _STEPS * len(found))
            done = iter(range(_STEPS * number + 1, _STEPS * (number + 1) + 1))
            versions = Versions(folder_of(here.root.path, material.lineage, material.model))
            try:
                trained.append(
                    train(material, store, versions, lambda at=done: progress(next(at), _STEPS * len(found)))
                )
            except ParityError as error:
                raise CommandError(f"{material.lineage}: {error}") from error
    return trained
