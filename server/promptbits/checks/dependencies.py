"""What the findings of a file depend on beside its text: what was asked of library and facts, and what they answered.

Findings are a function of the text, the settings and these answers. While all three stay, they need not be made anew,
however much else has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, cast

from promptbits.facts.view import FactsView, Measured
from promptbits.prompts.library import Library

# A method of the library with its arguments, or (None) an attribute.
Question = tuple[str, tuple[Any, ...] | None]


class Asked(NamedTuple):
    """A question to a library, and its answer."""

    question: Question
    answer: Any


class Ledger:
    """Asks each question once of a library, and knows what the library before it answered.

    Equal answers of both are one object, so that thousands of files share what they know.
    """

    def __init__(self) -> None:
        self._library = Library(complete=False)
        self._now: dict[Question, Asked] = {}
        self._before: dict[Question, Asked] = {}

    @property
    def library(self) -> Library:
        """The library that is asked."""
        return self._library

    def turn_to(self, library: Library) -> None:
        """Ask this library from now on."""
        if library is not self._library:
            self._library, self._before, self._now = library, self._now, {}

    def ask(self, question: Question) -> Asked:
        """The answer to a question."""
        known = self._now.get(question)
        if known is None:
            answer = _answer(self._library, question)
            before = self._before.get(question)
            known = before if before is not None and before.answer == answer else Asked(question, answer)
            self._now[question] = known
        return known

    def holds(self, asked: Iterable[Asked]) -> bool:
        """Whether the library still gives all these answers."""
        return all((now := self.ask(each.question)) is each or now.answer == each.answer for each in asked)


class Recorder:
    """Stands in for the library of a snapshot, and notes all that is asked of it, by whatever method."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._asked: dict[Question, Asked] = {}

    @property
    def as_library(self) -> Library:
        """Itself, as what it stands in for."""
        return cast("Library", self)

    def noted(self) -> tuple[Asked, ...]:
        """What was asked so far."""
        return tuple(self._asked.values())

    def __getattr__(self, name: str) -> Any:
        if not callable(getattr(self._ledger.library, name)):
            return self._ask((name, None))

        def ask(*args: Any) -> Any:
            return self._ask((name, args))

        return ask

    def _ask(self, question: Question) -> Any:
        asked = self._asked[question] = self._ledger.ask(question)
        answer = asked.answer
        # As from the library itself: the caller may do with it what he likes.
        return list(cast("list[Any]", answer)) if isinstance(answer, list) else answer


class FactsRecorder(FactsView):
    """Stands in for the facts of a snapshot, and notes the prompts that are asked for."""

    def __init__(self, facts: FactsView) -> None:
        super().__init__(lambda _: ())
        self._facts = facts
        self._asked: dict[str, Measured] = {}

    def measured(self, prompt_id: str) -> Measured:
        """What is measured of a prompt."""
        return self._asked.setdefault(prompt_id, self._facts.measured(prompt_id))

    def noted(self) -> tuple[tuple[str, Measured], ...]:
        """What was asked so far."""
        return tuple(self._asked.items())


def still_measured(facts: FactsView, asked: Iterable[tuple[str, Measured]]) -> bool:
    """Whether nothing else is measured by now of what was asked for."""
    return all(facts.measured(prompt_id) is measured for prompt_id, measured in asked)


def _answer(library: Library, question: Question) -> Any:
    name, args = question
    value = getattr(library, name)
    if args is not None:
        value = value(*args)
    return list(cast("Iterator[Any]", value)) if isinstance(value, Iterator) else value
