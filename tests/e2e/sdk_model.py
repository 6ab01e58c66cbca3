"""The client of a model that the examples of docs/sdk.md call."""

from typing import NamedTuple


class Answer(NamedTuple):
    text: str
    input_tokens: int
    output_tokens: int


class BusyError(Exception):
    pass


def ask(text: str) -> Answer:
    return Answer(f"Hello! ({text})", len(text.split()), 2)


async def aask(text: str) -> Answer:
    return ask(text)


def stream(text: str):
    yield from ask(text).text.split()
