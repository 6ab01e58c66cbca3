"""Go back to the version that was in use before. It needs nothing but the files."""

from __future__ import annotations

from collections.abc import Iterator

from promptbits.cli.console import out, out_json
from promptbits.cli.errors import CommandError
from promptbits.cli.prompts_at_hand import AtHand
from promptbits.cli.training.learning import alone, record
from promptbits.cli.training.printing import named
from promptbits.facts.ids import new_id, timestamp
from promptbits.facts.locating import facts_path
from promptbits.facts.store import Fact
from promptbits.optimize.training.places import folder_of, models_folder
from promptbits.optimize.training.registry import NothingBeforeError, Versions


def roll_back(here: AtHand, first: str | None, model: str | None, *, as_json: bool) -> bool:
    """Use the version before again, of the one scorer that was named; whether there was one.

    Raises:
        CommandError: several scorers are meant, or another process trains here.
    """
    if not models_folder(here.root.path).is_dir():
        return _nothing("nothing was trained here yet", as_json=as_json)
    with alone(here.root.path):
        trained = list(_trained(here, first, model))
        able = [each for each in trained if each[2].before()]
        meant = able or trained
        if not meant:
            return _nothing("nothing of that was trained here yet", as_json=as_json)
        if len(meant) > 1:
            listed = ", ".join(named(lineage, name) for lineage, name, _ in meant[:5])
            raise CommandError(f"{len(meant)} scorers are meant ({listed}, …): name one by --prompt and --model")
        lineage, name, versions = meant[0]
        try:
            left, back = versions.roll_back()
        except NothingBeforeError as error:
            return _nothing(f"{named(lineage, name)}: {error}", as_json=as_json)
        record(facts_path(here.root.path), [_fact(lineage, name, left, back, versions)])
    if as_json:
        out_json({"version": 1, "lineage": lineage, "model": name or None, "left": left, "current": back})
    else:
        out(f"{named(lineage, name)}: version {back} is in use again, instead of version {left}")
    return True


def _nothing(why: str, *, as_json: bool) -> bool:
    if as_json:
        out_json({"version": 1, "current": None, "reason": why})
    else:
        out(why)
    return False


def _trained(here: AtHand, first: str | None, model: str | None) -> Iterator[tuple[str, str, Versions]]:
    """What was trained, by lineage and model; the folders say it only in part, the cards in full."""
    folders = sorted(folder for folder in models_folder(here.root.path).glob("*/*") if folder.is_dir())
    for folder in folders:
        versions = Versions(folder)
        number = versions.current()
        card = {} if number is None else versions.card(number)
        lineage, name = card.get("lineage"), card.get("model") or ""
        if not isinstance(lineage, str) or not isinstance(name, str):
            continue
        if folder != folder_of(here.root.path, lineage, name):
            continue  # somebody moved it
        if (first is None or lineage == first) and (model is None or name == model):
            yield lineage, name, versions


def _fact(lineage: str, model: str, left: int, back: int, versions: Versions) -> Fact:
    return {
        "kind": "training",
        "id": new_id(),
        "timestamp": timestamp(),
        "trained": "scorer",
        "prompt_id": lineage,
        "model": model or None,
        "version": back,
        "digest": versions.card(back).get("digest"),
        "decision": "rolled_back",
        "reason": f"from version {left} to version {back}",
    }
