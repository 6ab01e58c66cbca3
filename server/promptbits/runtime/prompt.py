"""A prompt as it was when it was loaded."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from promptbits.facts.store import Fact
    from promptbits.runtime.tracking import Track


class Sink(Protocol):
    """Where facts go."""

    def record(self, fact: Fact, template: tuple[str, str] | None = None) -> None:
        """Record a fact, and the template that it is about as (hash, text). Never raises."""
        ...


class Text(NamedTuple):
    """One text that is served: what all prompts that are loaded from it share."""

    id: str
    source: str
    revision: int
    template: str
    declared: Mapping[str, Mapping[str, Any]]
    content_sha256: str
    path: str


class Prompt:
    """A prompt: its text, where it comes from, and the way to say how it went.

    It never changes. Load it again to get what stands in the files by then.
    """

    __slots__ = ("_sink", "_text", "_values", "conversation_id", "requested_id", "variant")

    def __init__(
        self,
        text: Text,
        sink: Sink,
        *,
        requested_id: str,
        conversation_id: str | None,
        values: Mapping[str, Any] | None,
    ) -> None:
        self._text = text
        self._sink = sink
        self._values = values
        self.requested_id = requested_id
        self.conversation_id = conversation_id
        self.variant: str | None = None

    @property
    def id(self) -> str:
        """The id of the prompt that is served."""
        return self._text.id

    @property
    def source(self) -> str:
        """Where it comes from: `custom`, `learned`, `builtin` or `shipped`."""
        return self._text.source

    @property
    def revision(self) -> int:
        """Its revision."""
        return self._text.revision

    @property
    def template(self) -> str:
        """The template, before rendering."""
        return self._text.template

    @property
    def content_sha256(self) -> str:
        """What the template is known by."""
        return self._text.content_sha256

    @property
    def variables(self) -> Mapping[str, Mapping[str, Any]]:
        """The declared variables, by name."""
        return MappingProxyType(dict(self._text.declared))

    @property
    def text(self) -> str:
        """The template rendered with the variables that it was loaded with.

        Raises:
            RenderError: a required variable has no value.
        """
        return self.render()

    def render(self, values: Mapping[str, Any] | None = None, /, **variables: Any) -> str:
        """The template rendered with more variables, over those that it was loaded with.

        Args:
            values: the variables whose names Python cannot spell, such as `user.name`.
            variables: the others.

        Raises:
            RenderError: a required variable has no value, a value has no variable, or does not fit.
        """
        from promptbits.prompts.render import flatten, render

        given: dict[str, Any] = {}
        for each in (self._values, values, variables):
            given.update(flatten(each or {}))
        return render(self._text.template, self._text.declared, given)

    def track(
        self,
        *,
        model: str | None = None,
        provider: str | None = None,
        conversation_id: str | None = None,
        context_signature: str | None = None,
        trace_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Track:
        """Measure one run: `with prompt.track() as run`, `async with`, or `@prompt.track()` for every call.

        Args:
            model: the model that runs the prompt.
            provider: who serves it.
            conversation_id: the conversation that the run belongs to, if not the one that the prompt was loaded for.
            context_signature: what the context was, as the application sees it.
            trace_id: the id of the run in another system.
            metadata: whatever else should be kept; it is kept as it is.
        """
        from promptbits.runtime.tracking import Track

        details = {
            "model": model,
            "provider": provider,
            "conversation_id": conversation_id or self.conversation_id,
            "context_signature": context_signature,
            "trace_id": trace_id,
            "metadata": metadata,
        }
        return Track(self, self._sink, details)

    def __repr__(self) -> str:
        return f"<Prompt {self.id!r} revision {self.revision} ({self.source})>"
