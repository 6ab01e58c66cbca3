"""The functions that `import promptbits` offers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from promptbits.facts.ids import new_id, timestamp
from promptbits.runtime.fields import fact_of
from promptbits.runtime.prompt import Prompt
from promptbits.runtime.session import RECORDING, choose, session
from promptbits.runtime.tracking import CURRENT, Run, aside

if TYPE_CHECKING:
    from pathlib import Path

    from promptbits.facts.store import Fact
    from promptbits.runtime.prompt import Text
    from promptbits.runtime.recorder import RecordingStatus

_UNCHANGED: Final[Any] = object()


def configure(
    *,
    root: str | os.PathLike[str] | None = _UNCHANGED,
    facts: str | os.PathLike[str] | Literal[False] | None = _UNCHANGED,
    keep_text: bool | None = _UNCHANGED,
    refresh: float | None = _UNCHANGED,
) -> None:
    """Choose what this process works with. What is not named stays; None takes a choice back.

    Args:
        root: the root; it goes before `PROMPTBITS_ROOT` and the working directory.
        facts: the file of the fact store; False records nothing.
        keep_text: whether the texts of feedback are kept.
        refresh: for how many seconds the folders of prompts are taken to hold the files that they held; 1 by itself.
    """
    named = {"root": root, "facts": facts, "keep_text": keep_text, "refresh": refresh}
    choose({name: value for name, value in named.items() if value is not _UNCHANGED})


def load_prompt(
    id_: str, /, *, conversation_id: str | None = None, variables: Mapping[str, Any] | None = None
) -> Prompt:
    """The prompt of an id, as it stands in the files now.

    Args:
        id_: the id.
        conversation_id: the conversation that it is for; runs and feedback take it over.
        variables: values for its variables. They are tried at once; `Prompt.render` takes more.

    Raises:
        PromptNotFoundError: no prompt has the id.
        PromptUnreadableError: its file is not in order.
        RenderError: variables were given, and it cannot be rendered with them.
    """
    return _prompt(session().shelf.text(id_), id_, conversation_id, variables)


async def aload_prompt(
    id_: str, /, *, conversation_id: str | None = None, variables: Mapping[str, Any] | None = None
) -> Prompt:
    """The same as `load_prompt`. Only a prompt that must be read, for the first time or anew, is read in a thread."""
    shelf = session().shelf
    text = shelf.at_hand(id_)
    if text is None:
        import asyncio

        text = await asyncio.to_thread(shelf.text, id_)
    return _prompt(text, id_, conversation_id, variables)


def _prompt(text: Text, id_: str, conversation_id: str | None, variables: Mapping[str, Any] | None) -> Prompt:
    values = None if variables is None else dict(variables)
    prompt = Prompt(text, RECORDING, requested_id=id_, conversation_id=conversation_id, values=values)
    if values is not None:
        prompt.render()
    return prompt


def current_run() -> Run:
    """The run of the decorated function that is being called.

    Raises:
        LookupError: there is none.
    """
    run = CURRENT.get()
    if run is None:
        raise LookupError("no function decorated with prompt.track() is being called here")
    return run


def record_feedback(
    prompt: Prompt | str,
    /,
    *,
    rating: float | None = None,
    outcome: Literal["succeeded", "failed"] | None = None,
    execution_id: str | None = None,
    conversation_id: str | None = None,
    name: str | None = None,
    score: float | None = None,
    label: str | None = None,
    text: str | None = None,
    user: str | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> str:
    """Record what somebody thought of a run, or what an evaluation found. Never raises.

    Args:
        prompt: the prompt, or its id.
        rating: 1 to 5.
        outcome: whether the conversation went well. The first known outcome of a conversation counts.
        execution_id: `Run.id` of the run that it is about.
        conversation_id: the conversation that it is about, if not the one that the prompt was loaded for.
        name: what was evaluated.
        score: the result as a number.
        label: the result in a word.
        text: what the person wrote; it is kept only with `facts.keep_text`.
        user: who it was.
        metadata: whatever else should be kept; it is kept as it is.

    Returns:
        The id of the feedback.
    """
    fact = _feedback(prompt, locals())
    RECORDING.record(fact)
    return fact["id"]


async def arecord_feedback(
    prompt: Prompt | str,
    /,
    *,
    rating: float | None = None,
    outcome: Literal["succeeded", "failed"] | None = None,
    execution_id: str | None = None,
    conversation_id: str | None = None,
    name: str | None = None,
    score: float | None = None,
    label: str | None = None,
    text: str | None = None,
    user: str | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> str:
    """The same as `record_feedback`, in a thread: another process may be writing."""
    fact = _feedback(prompt, locals())
    await aside(RECORDING.record, fact)
    return fact["id"]


def _feedback(prompt: Prompt | str, named: dict[str, Any]) -> Fact:
    values = {name: value for name, value in named.items() if name != "prompt"}
    if isinstance(prompt, Prompt):
        values |= {
            "prompt_id": prompt.id,
            "content_sha256": prompt.content_sha256,
            "revision": prompt.revision,
            "variant": prompt.variant,
            "conversation_id": values["conversation_id"] or prompt.conversation_id,
        }
    else:
        values["prompt_id"] = prompt
    if values["text"] is not None and not _keeps_text():
        values["text"] = None
    return fact_of("feedback", (new_id(), timestamp()), values)


def _keeps_text() -> bool:
    try:
        return session().keep_text
    except OSError:  # there is no working directory
        return False


def get_prompt(id_: str, /) -> dict[str, Any]:
    """The whole prompt of an id, as it stands in its file: a table of one's own, to change and to save.

    Raises:
        PromptNotFoundError: no prompt has the id.
        PromptUnreadableError: its file is not in order.
    """
    return session().shelf.table(id_)


def save_prompt(prompt: Mapping[str, Any], /, *, overwrite: bool = False) -> Path:
    """Write a prompt to `custom/` in canonical form, all or nothing.

    Args:
        prompt: the prompt, as `get_prompt` gives it. Without a `source`, or with that of a shipped one, it is `Custom`.
        overwrite: whether a prompt of this id that is there already is replaced.

    Raises:
        InvalidPromptError: it is no prompt by the schema.
        PromptExistsError: there is one already.
        PromptError: it cannot be written.

    Returns:
        The file.
    """
    from promptbits.runtime.saving import save

    return save(session().shelf, prompt, overwrite=overwrite)


async def aget_prompt(id_: str, /) -> dict[str, Any]:
    """The same as `get_prompt`, in a thread."""
    import asyncio

    return await asyncio.to_thread(get_prompt, id_)


async def asave_prompt(prompt: Mapping[str, Any], /, *, overwrite: bool = False) -> Path:
    """The same as `save_prompt`, in a thread."""
    import asyncio

    return await asyncio.to_thread(save_prompt, prompt, overwrite=overwrite)


def recording_status() -> RecordingStatus:
    """What became of the facts that this process recorded since it was configured."""
    return session().recorder.status
