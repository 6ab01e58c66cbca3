"""One run of a prompt, from its beginning to its end, as a fact."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, cast

from promptbits.facts.ids import new_id, timestamp
from promptbits.runtime.fields import fact_of
from promptbits.runtime.notices import say_once

if TYPE_CHECKING:
    from promptbits.facts.store import Fact, Outcome
    from promptbits.runtime.prompt import Prompt, Sink

Function = TypeVar("Function", bound=Callable[..., Any])

CURRENT: ContextVar[Run | None] = ContextVar("promptbits_run", default=None)


class Run:
    """One run. Its attributes may be set until it ends; what does not fit is left out of the fact.

    Attributes:
        id: the id of the execution, to which feedback refers.
        outcome: `succeeded`, `failed` or, without a verdict, `unknown`.
        confidence: how sure the model or the application is of the response, 0 to 1.
        response_length: the length of the response, in whatever unit the application always uses.
        cost_usd: what it has cost, in US dollars.
        error_type: what kind of error it was, such as the name of an exception.
    """

    __slots__ = (
        "_began",
        "_prompt",
        "_timestamp",
        "confidence",
        "context_signature",
        "conversation_id",
        "cost_usd",
        "error_type",
        "id",
        "input_tokens",
        "metadata",
        "model",
        "outcome",
        "output_tokens",
        "provider",
        "response_length",
        "trace_id",
    )

    def __init__(self, prompt: Prompt, details: Mapping[str, Any]) -> None:
        now = time.time_ns()
        self.id = new_id(now)
        self.outcome: Outcome = "unknown"
        self.model: str | None = details["model"]
        self.provider: str | None = details["provider"]
        self.conversation_id: str | None = details["conversation_id"]
        self.context_signature: str | None = details["context_signature"]
        self.trace_id: str | None = details["trace_id"]
        self.metadata: dict[str, Any] = _copied(details["metadata"])
        self.confidence: float | None = None
        self.response_length: int | None = None
        self.input_tokens: int | None = None
        self.output_tokens: int | None = None
        self.cost_usd: float | None = None
        self.error_type: str | None = None
        self._prompt = prompt
        self._timestamp = timestamp(now)
        self._began = time.perf_counter()

    def succeeded(
        self,
        *,
        confidence: float | None = None,
        response_length: int | None = None,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
        cost_usd: float | None = None,
    ) -> None:
        """Say that it went well. The last verdict counts."""
        self.outcome, self.error_type = "succeeded", None
        self._note(confidence, response_length, input_tokens, output_tokens, cost_usd)

    def failed(
        self,
        *,
        error_type: str | None = None,
        confidence: float | None = None,
        response_length: int | None = None,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
        cost_usd: float | None = None,
    ) -> None:
        """Say that it went wrong, and how. The last verdict counts."""
        self.outcome, self.error_type = "failed", error_type or self.error_type
        self._note(confidence, response_length, input_tokens, output_tokens, cost_usd)

    def _note(
        self,
        confidence: float | None,
        response_length: int | None,
        input_tokens: int | None,
        output_tokens: int | None,
        cost_usd: float | None,
    ) -> None:
        self.confidence = self.confidence if confidence is None else confidence
        self.response_length = self.response_length if response_length is None else response_length
        self.input_tokens = self.input_tokens if input_tokens is None else input_tokens
        self.output_tokens = self.output_tokens if output_tokens is None else output_tokens
        self.cost_usd = self.cost_usd if cost_usd is None else cost_usd

    def ended(self, error: BaseException | None) -> Fact:
        """The run as a fact. An error makes it a failed one; closing a generator before its end is none."""
        duration = (time.perf_counter() - self._began) * 1000
        if error is not None and not isinstance(error, GeneratorExit):
            self.failed(error_type=self.error_type or _name(type(error)))
        prompt = self._prompt
        return fact_of(
            "execution",
            (self.id, self._timestamp),
            {
                "prompt_id": prompt.id,
                "requested_id": prompt.requested_id,
                "content_sha256": prompt.content_sha256,
                "revision": prompt.revision,
                "variant": prompt.variant,
                "conversation_id": self.conversation_id,
                "context_signature": self.context_signature,
                "outcome": self.outcome,
                "confidence_score": self.confidence,
                "execution_time_ms": duration,
                "response_length": self.response_length,
                "input_tokens": self.input_tokens,
                "output_tokens": self.output_tokens,
                "cost_usd": self.cost_usd,
                "provider": self.provider,
                "model": self.model,
                "trace_id": self.trace_id,
                "error_type": self.error_type,
                "metadata": self.metadata or None,
            },
        )


class Track:
    """The measuring of one run with `with` or `async with`, or of every call with `@`."""

    __slots__ = ("_details", "_prompt", "_run", "_sink")

    def __init__(self, prompt: Prompt, sink: Sink, details: Mapping[str, Any]) -> None:
        self._prompt = prompt
        self._sink = sink
        self._details = details
        self._run: Run | None = None

    def begin(self) -> Run:
        """Begin a run."""
        return Run(self._prompt, self._details)

    def end(self, run: Run, error: BaseException | None) -> None:
        """End a run and record it."""
        self._sink.record(run.ended(error), self._template)

    async def end_aside(self, run: Run, error: BaseException | None) -> None:
        """End a run and record it in a thread, so that the event loop never waits for another process that writes."""
        await aside(self._sink.record, run.ended(error), self._template)

    @property
    def _template(self) -> tuple[str, str]:
        return self._prompt.content_sha256, self._prompt.template

    def __enter__(self) -> Run:
        if self._run is not None:
            raise RuntimeError("a run is measured once: call prompt.track() for each")
        self._run = self.begin()
        return self._run

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        assert self._run is not None, "it was entered"
        self.end(self._run, error)

    async def __aenter__(self) -> Run:
        return self.__enter__()

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        assert self._run is not None, "it was entered"
        await self.end_aside(self._run, error)

    def __call__(self, function: Function) -> Function:
        """The function, each call of which is measured: plain ones, coroutines and generators of both kinds."""
        from promptbits.runtime.decorating import decorated

        return decorated(self, function)


async def aside(function: Callable[..., None], *arguments: Any) -> None:
    """Call a function in a thread. Once called it runs to its end, whatever happens to who waits for it."""
    import asyncio

    try:
        called = asyncio.get_running_loop().run_in_executor(None, function, *arguments)
    except RuntimeError:  # the loop or the interpreter is ending
        function(*arguments)
        return
    await asyncio.shield(called)


def _name(kind: type[BaseException]) -> str:
    """The name of a class as OpenTelemetry has it in `error.type`."""
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"


def _copied(metadata: Any) -> dict[str, Any]:
    if isinstance(metadata, Mapping):
        return dict(cast("Mapping[str, Any]", metadata))
    if metadata is not None:
        say_once("metadata", "execution facts go without metadata: expected a table")
    return {}
