"""Functions of which every call is measured.

The run of a generator begins with its first item and ends with its last one, so its time holds what the consumer does
in between, as with any streamed answer. Left before its end, it has no verdict but the one that it gave itself.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any, TypeVar, cast

from promptbits.runtime.tracking import CURRENT, Run, Track

Function = TypeVar("Function", bound=Callable[..., Any])


def decorated(track: Track, function: Function) -> Function:
    """The function with every call measured."""
    if inspect.isasyncgenfunction(function):
        wrapper = _async_generator(track, function)
    elif inspect.iscoroutinefunction(function):
        wrapper = _coroutine(track, function)
    elif inspect.isgeneratorfunction(function):
        wrapper = _generator(track, function)
    else:
        wrapper = _plain(track, function)
    return cast("Function", functools.wraps(function)(wrapper))


def _plain(track: Track, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        run = track.begin()
        token = CURRENT.set(run)
        try:
            result = function(*arguments, **named)
        except BaseException as error:
            track.end(run, error)
            raise
        else:
            track.end(run, None)
            return result
        finally:
            CURRENT.reset(token)

    return call


def _coroutine(track: Track, function: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*arguments: Any, **named: Any) -> Any:
        run = track.begin()
        token = CURRENT.set(run)
        try:
            result = await function(*arguments, **named)
        except BaseException as error:
            await track.end_aside(run, error)
            raise
        else:
            await track.end_aside(run, None)
            return result
        finally:
            CURRENT.reset(token)

    return call


def _generator(track: Track, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Generator[Any, Any, Any]:
        run = track.begin()
        try:
            result = yield from _Steps(run, function(*arguments, **named))
        except BaseException as error:
            track.end(run, error)
            raise
        track.end(run, None)
        return result

    return call


class _Steps(Generator[Any, Any, Any]):
    """A generator whose every step, and nothing between the steps, sees the run as the current one."""

    def __init__(self, run: Run, steps: Generator[Any, Any, Any]) -> None:
        self._run = run
        self._steps = steps

    def send(self, value: Any) -> Any:
        return self._step(self._steps.send, value)

    def throw(self, *error: Any) -> Any:
        return self._step(self._steps.throw, *error)

    def close(self) -> None:
        self._step(self._steps.close)

    def _step(self, step: Callable[..., Any], *arguments: Any) -> Any:
        token = CURRENT.set(self._run)
        try:
            return step(*arguments)
        finally:
            CURRENT.reset(token)


def _async_generator(track: Track, function: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*arguments: Any, **named: Any) -> AsyncGenerator[Any, Any]:
        run = track.begin()
        steps: AsyncGenerator[Any, Any] = function(*arguments, **named)
        step: Callable[..., Any] = steps.asend
        given: tuple[Any, ...] = (None,)
        try:
            while True:
                token = CURRENT.set(run)
                try:
                    item = await step(*given)
                finally:
                    CURRENT.reset(token)
                try:
                    received = yield item
                except GeneratorExit:
                    token = CURRENT.set(run)
                    try:
                        await steps.aclose()
                    finally:
                        CURRENT.reset(token)
                    raise
                except BaseException as error:
                    step, given = steps.athrow, (error,)
                else:
                    step, given = steps.asend, (received,)
        except StopAsyncIteration:
            await track.end_aside(run, None)
        except BaseException as error:
            await track.end_aside(run, error)
            raise

    return call
