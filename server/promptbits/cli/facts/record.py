"""`promptbits record`: facts from scripts. Applications in Python have `promptbits.load_prompt(…).track()` for that."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

import click

from promptbits.cli.console import out, out_json, say
from promptbits.cli.errors import FINE, CommandError
from promptbits.cli.facts.times import as_moment, written
from promptbits.cli.prompts_at_hand import complete_ids

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from promptbits.cli.facts.texts import CurrentText
    from promptbits.cli.prompts_at_hand import AtHand
    from promptbits.facts.store import Fact

_OUTCOMES: Final = ("succeeded", "failed", "unknown")


def _common(command: Callable[..., int]) -> Callable[..., int]:
    """The options that both kinds of fact have."""
    for option in reversed(
        (
            click.option("--revision", type=click.IntRange(1), help="Of the prompt; the one it has now if left out."),
            click.option("--conversation", "conversation_id", metavar="ID", help="The conversation it was part of."),
            click.option("--variant", help="The variant of an experiment."),
            click.option("--model", help="The model that answered."),
            click.option("--time", "when", metavar="WHEN", callback=as_moment, help="When it was; now if left out."),
            click.option("--id", "fact_id", metavar="UUID", help="The fact's own id, a UUIDv7: known ones are kept."),
            click.option("--metadata", metavar="JSON", help="Whatever else is known, as a JSON object."),
            click.option("--json", "as_json", is_flag=True, help="Print the fact as JSON."),
        )
    ):
        command = option(command)
    return command


@click.group("record")
def record() -> None:
    """Record how a prompt did. Prints the id of the fact."""


@record.command("execution")
@click.argument("prompt_id", metavar="ID", shell_complete=complete_ids)
@click.option("--outcome", type=click.Choice(_OUTCOMES), required=True, help="How it went, if that is known.")
@click.option("--ms", "execution_time_ms", type=float, help="How long it took, in milliseconds.")
@click.option("--provider", help="Who runs the model.")
@click.option("--input-tokens", type=int, help="Tokens that were sent.")
@click.option("--output-tokens", type=int, help="Tokens that came back.")
@click.option("--cost", "cost_usd", type=float, help="What it cost, in US dollars.")
@click.option("--response-length", type=int, help="Characters that came back.")
@click.option("--confidence", "confidence_score", type=float, help="How sure the answer is of itself, 0 to 1.")
@click.option("--experiment", help="The experiment it was part of.")
@click.option("--context-signature", help="The signature of the context.")
@click.option("--trace", "trace_id", metavar="ID", help="The trace in which it can be found.")
@click.option("--error", "error_type", metavar="TYPE", help="The kind of error that made it fail.")
@_common
def execution(prompt_id: str, as_json: bool, **fields: Any) -> int:
    """Record one execution of the prompt with this ID.

    Hash and revision of its text are those of the file. With --revision N they are those of the prompt in its lineage
    with that revision.
    """
    return _record("execution", prompt_id, as_json, fields)


@record.command("feedback", short_help="Record what somebody says of an execution.")
@click.argument("prompt_id", metavar="[ID]", required=False, shell_complete=complete_ids)
@click.option("--execution", "execution_id", metavar="UUID", help="The execution it is about.")
@click.option("--rating", type=float, help="1 to 5.")
@click.option("--outcome", type=click.Choice(_OUTCOMES[:2]), help="Whether the execution did what it should.")
@click.option("--name", help="What was evaluated.")
@click.option("--score", type=float, help="The number that an evaluation gave.")
@click.option("--label", help="The word that an evaluation gave.")
@click.option("--text", help="What somebody wrote; kept only with the setting facts.keep_text.")
@click.option("--user", help="Who says so.")
@_common
def feedback(prompt_id: str | None, as_json: bool, **fields: Any) -> int:
    """Record what somebody says of an execution, or of the prompt with this ID.

    With --execution the ID may be left out, and text, variant and model are those of the execution.
    """
    if prompt_id is None and fields["execution_id"] is None:
        raise click.UsageError("name the prompt, or the execution with --execution")
    if all(fields[name] is None for name in ("rating", "outcome", "score", "label", "text")):
        raise click.UsageError("say something: --rating, --outcome, --score, --label or --text")
    return _record("feedback", prompt_id, as_json, fields)


def _record(kind: str, prompt_id: str | None, as_json: bool, fields: dict[str, Any]) -> int:
    from promptbits.cli.facts.adding import add_facts
    from promptbits.cli.prompts_at_hand import at_hand
    from promptbits.facts.fields import checked
    from promptbits.facts.ids import new_id, timestamp
    from promptbits.facts.keeping import keeps_text
    from promptbits.facts.locating import facts_path
    from promptbits.facts.store import InvalidFactError

    when: datetime | None = fields.pop("when")
    execution_id: str | None = fields.get("execution_id")
    here = at_hand()
    path = facts_path(here.root.path)
    fact: Fact = {
        "kind": kind,
        "id": fields.pop("fact_id") or new_id(),
        "timestamp": written(when) if when else timestamp(),
        "prompt_id": prompt_id or _prompt_of(path, execution_id or ""),
        **fields,
        "metadata": _metadata(fields["metadata"]),
    }
    if fact.get("text") is not None and not keeps_text(here.root.path):
        del fact["text"]
        say("the text is not kept: the setting `facts.keep_text` is off")
    # What is said of an execution is about the text of that execution.
    text = None if execution_id else _text(here, fact["prompt_id"], fact["revision"])
    if text:
        fact |= {"content_sha256": text.content_sha256, "revision": text.revision}
    try:
        sound = checked(fact)
    except InvalidFactError as error:
        raise CommandError(str(error)) from error
    add_facts(path, [sound], [text.content] if text else [])
    if as_json:
        out_json(sound)
    else:
        out(sound["id"])
    return FINE


def _prompt_of(path: Path, execution_id: str) -> str:
    """The prompt that an execution was of."""
    from promptbits.cli.facts.opening import opened

    about: Fact | None = None
    if path.exists():
        with opened(path, read_only=True) as store:
            about = store.get(execution_id)
    if about is None or "prompt_id" not in about:
        raise CommandError(f"there is no execution {execution_id}: name the prompt as well")
    return about["prompt_id"]


def _text(here: AtHand, prompt_id: str, revision: int | None) -> CurrentText | None:
    """The text that ran. That of an older revision may be lost; an unknown prompt is a mistake."""
    from promptbits.cli.facts.texts import Texts

    here.find(prompt_id)
    texts = Texts(here.library)
    if revision is None:
        return texts.now(prompt_id)
    found = texts.of_revision(prompt_id, revision)
    if found is None:
        say(f"{prompt_id!r} has no revision {revision} now: recorded as text unknown")
    return found


def _metadata(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise click.UsageError('--metadata: expected a JSON object, as {"ticket": 7}')
    return cast("dict[str, Any]", value)
