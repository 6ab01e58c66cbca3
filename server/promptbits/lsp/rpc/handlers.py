"""Runs the handlers pygls knows: plain functions, coroutines, its generators and functions marked for a thread.

The first part of a handler runs at once, in the order of the messages; what is left, if anything, is awaitable.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
from typing import TYPE_CHECKING, Any, cast

from pygls.constants import ATTR_EXECUTE_IN_THREAD

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from concurrent.futures import Executor

    Handler = Callable[..., Any]
    Step = tuple[Handler, tuple[Any, ...], dict[str, Any] | None]
    Steps = Generator[Step, Any, Any]


def start(handler: Handler, params: Any, executor: Callable[[], Executor]) -> Any:
    """Call a handler.

    Args:
        handler: What was registered for the method.
        params: Its only argument.
        executor: Where functions marked with `@server.thread()` run. The input is never read there, so that slow
            functions can fill it without making the server deaf.

    Returns:
        The result, or an awaitable of it.
    """
    return _call(handler, (params,), {}, executor)


def _call(handler: Handler, args: tuple[Any, ...], kwargs: dict[str, Any], executor: Callable[[], Executor]) -> Any:
    if inspect.isgeneratorfunction(handler):
        steps = cast("Steps", handler(*args, **kwargs))
        return _advance(steps, lambda: next(steps), executor)
    if getattr(handler, ATTR_EXECUTE_IN_THREAD, False):
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(executor(), lambda: context.run(handler, *args, **kwargs))
    return handler(*args, **kwargs)


def _advance(steps: Steps, resume: Callable[[], Step], executor: Callable[[], Executor]) -> Any:
    """Run a generator handler, which yields other handlers and gets their results, until it ends or must wait."""
    while True:
        try:
            handler, args, kwargs = resume()
        except StopIteration as end:
            return end.value
        try:
            result = _call(handler, args, kwargs or {}, executor)
        except Exception as error:  # handed on to the generator, which decides
            resume = _thrower(steps, error)
            continue
        if inspect.isawaitable(result):
            return _advance_later(steps, result, executor)
        resume = _sender(steps, result)


async def _advance_later(steps: Steps, pending: Awaitable[Any], executor: Callable[[], Executor]) -> Any:
    try:
        result = await pending
    except Exception as error:
        rest = _advance(steps, _thrower(steps, error), executor)
    else:
        rest = _advance(steps, _sender(steps, result), executor)
    return await rest if inspect.isawaitable(rest) else rest


def _sender(steps: Steps, value: Any) -> Callable[[], Step]:
    return lambda: steps.send(value)


def _thrower(steps: Steps, error: Exception) -> Callable[[], Step]:
    return lambda: steps.throw(error)
