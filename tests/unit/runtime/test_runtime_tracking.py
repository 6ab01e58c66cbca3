"""Runs: what is recorded of them, however they end."""

import asyncio
import enum
import gc
import time
from decimal import Decimal

import pytest

import promptbits
from promptbits.facts.ids import content_sha256


class BusyError(Exception):
    pass


@pytest.fixture
def prompt(desk):
    desk.write("greet", "Hello <<name>>", revision=3)
    return promptbits.load_prompt("greet", conversation_id="c-1")


def only(desk):
    (fact,) = desk.facts()
    return fact


def test_a_run_with_everything(desk, prompt):
    with prompt.track(
        model="m-1", provider="acme", context_signature="sig", trace_id="t-1", metadata={"region": "eu"}
    ) as run:
        run.succeeded(confidence=0.9, response_length=120, input_tokens=30, output_tokens=40, cost_usd=0.002)
        run.metadata["retries"] = 2
    fact = only(desk)
    took = fact.pop("execution_time_ms")
    assert 0 < took < 5000
    assert fact == {
        "kind": "execution",
        "id": run.id,
        "timestamp": fact["timestamp"],
        "metadata": {"region": "eu", "retries": 2},
        "prompt_id": "greet",
        "requested_id": "greet",
        "content_sha256": content_sha256("Hello <<name>>"),
        "revision": 3,
        "conversation_id": "c-1",
        "context_signature": "sig",
        "outcome": "succeeded",
        "confidence_score": 0.9,
        "response_length": 120,
        "input_tokens": 30,
        "output_tokens": 40,
        "cost_usd": 0.002,
        "provider": "acme",
        "model": "m-1",
        "trace_id": "t-1",
    }
    assert desk.text(fact["content_sha256"]) == "Hello <<name>>"
    assert promptbits.recording_status() == (1, 0, 0, 0)


def test_without_a_verdict_the_outcome_is_unknown(desk, prompt):
    with prompt.track(conversation_id="c-2"):
        pass
    fact = only(desk)
    assert (fact["outcome"], fact["conversation_id"]) == ("unknown", "c-2")
    assert "error_type" not in fact


def test_a_failure_with_its_kind(desk, prompt):
    with prompt.track() as run:
        run.failed(error_type="refusal")
    assert (only(desk)["outcome"], only(desk)["error_type"]) == ("failed", "refusal")


def test_the_last_verdict_counts(desk, prompt):
    with prompt.track() as run:
        run.failed(error_type="first try", input_tokens=5)
        run.succeeded(output_tokens=6)
    fact = only(desk)
    assert (fact["outcome"], fact["input_tokens"], fact["output_tokens"]) == ("succeeded", 5, 6)
    assert "error_type" not in fact


@pytest.mark.parametrize(
    ("error", "name"),
    [(ValueError, "ValueError"), (BusyError, f"{__name__}.BusyError"), (KeyboardInterrupt, "KeyboardInterrupt")],
)
def test_an_exception_is_a_failure_and_goes_on(desk, prompt, error, name):
    def fail():
        with prompt.track() as run:
            run.succeeded()
            raise error

    with pytest.raises(error):
        fail()
    assert (only(desk)["outcome"], only(desk)["error_type"]) == ("failed", name)


def test_the_text_of_an_exception_is_not_kept(desk, prompt):
    with pytest.raises(ValueError, match="secret"), prompt.track():
        raise ValueError("secret words")
    assert "secret" not in str(only(desk))


def test_time_is_measured(desk, prompt, monkeypatch):
    now = iter([10.0, 10.25])
    with monkeypatch.context() as patched:
        patched.setattr(time, "perf_counter", lambda: next(now))
        with prompt.track():
            pass
    assert only(desk)["execution_time_ms"] == 250


def test_one_track_is_one_run(desk, prompt):
    track = prompt.track()
    with track:
        pass
    with pytest.raises(RuntimeError, match="call prompt"), track:
        pass
    assert len(desk.facts()) == 1


class Whole:
    """A whole number of another library, such as numpy's."""

    def __index__(self):
        return 7


class Color(enum.StrEnum):
    RED = "red"


def test_values_of_other_types_are_as_good(desk, prompt):
    with prompt.track(model=Color.RED) as run:
        run.succeeded(confidence=Decimal("0.5"), input_tokens=Whole(), cost_usd=1)
    fact = only(desk)
    assert (fact["model"], fact["confidence_score"], fact["input_tokens"], fact["cost_usd"]) == ("red", 0.5, 7, 1)


class Hostile:
    def __index__(self):
        raise ZeroDivisionError


@pytest.mark.parametrize("value", [-1, "x", float("nan"), 10**30, True, object(), [], Hostile(), {"a": object()}, 1.5])
def test_what_does_not_fit_is_left_out_and_said_once(desk, prompt, value, caplog):
    for _ in range(2):
        with prompt.track() as run:
            run.succeeded(confidence=value, output_tokens=3)
            run.input_tokens = value
            run.metadata = value if not isinstance(value, dict) else {"deep": value}
    assert [fact["output_tokens"] for fact in desk.facts()] == [3, 3]
    assert all(not {"confidence_score", "input_tokens"} & fact.keys() for fact in desk.facts())
    assert len([record for record in caplog.records if "input_tokens" in record.getMessage()]) == 1


def test_metadata_that_is_no_table_is_left_out_and_said_once(desk, prompt, caplog):
    for _ in range(2):
        with prompt.track(metadata="ticket 7"):
            pass
    assert [fact["metadata"] for fact in desk.facts()] == [{}, {}]
    assert [record.getMessage() for record in caplog.records] == [
        "execution facts go without metadata: expected a table"
    ]


def test_a_decorated_function(desk, prompt):
    @prompt.track(model="m")
    def answer(question: str, *, loud: bool = False) -> str:
        """Answers."""
        promptbits.current_run().succeeded(response_length=len(question))
        return question.upper() if loud else question

    assert (answer("why", loud=True), answer("who")) == ("WHY", "who")
    assert (answer.__name__, answer.__doc__) == ("answer", "Answers.")
    assert [(fact["outcome"], fact["model"], fact["response_length"]) for fact in desk.facts()] == [
        ("succeeded", "m", 3)
    ] * 2
    with pytest.raises(LookupError):
        promptbits.current_run()


def test_calls_within_calls_have_runs_of_their_own(desk, prompt):
    @prompt.track()
    def count(depth: int) -> None:
        run = promptbits.current_run()
        if depth:
            count(depth - 1)
        assert promptbits.current_run() is run
        run.succeeded(response_length=depth)

    count(2)
    assert sorted(fact["response_length"] for fact in desk.facts()) == [0, 1, 2]


def test_a_decorated_function_that_raises(desk, prompt):
    @prompt.track()
    def answer():
        raise BusyError

    with pytest.raises(BusyError):
        answer()
    assert only(desk)["outcome"] == "failed"


def test_a_decorated_generator(desk, prompt):
    @prompt.track()
    def stream(count):
        for index in range(count):
            promptbits.current_run().output_tokens = index + 1
            got = yield index
            assert got in (None, "more")
        promptbits.current_run().succeeded()
        return "end"

    def outer():
        return (yield from stream(3))

    steps = outer()
    assert (next(steps), steps.send("more"), next(steps)) == (0, 1, 2)
    with pytest.raises(LookupError):  # between the steps it is nobody's
        promptbits.current_run()
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value == "end"
    assert (only(desk)["outcome"], only(desk)["output_tokens"]) == ("succeeded", 3)


def test_a_generator_that_is_left_early_has_no_verdict(desk, prompt):
    @prompt.track()
    def stream():
        yield 1
        yield 2

    steps = stream()
    next(steps)
    steps.close()
    assert only(desk)["outcome"] == "unknown"


def test_a_generator_that_fails_or_is_made_to(desk, prompt):
    @prompt.track()
    def stream():
        try:
            yield 1
        except BusyError:
            yield 2
        raise ValueError

    steps = stream()
    assert (next(steps), steps.throw(BusyError())) == (1, 2)
    with pytest.raises(ValueError):  # noqa: PT011  (it has no text)
        next(steps)
    assert only(desk)["error_type"] == "ValueError"


def test_generators_that_the_collector_closes_while_a_fact_is_written(desk, prompt, monkeypatch):
    @prompt.track()
    def stream():
        yield 1

    class Ring:
        def __init__(self):
            self.me, self.steps = self, stream()
            next(self.steps)

    recorder = promptbits.runtime.session.session().recorder
    opened = recorder._opened  # pyright: ignore[reportPrivateUsage]  (the one moment that matters)

    def collecting():
        gc.collect()
        return opened()

    Ring()
    monkeypatch.setattr(recorder, "_opened", collecting)
    with prompt.track() as run:
        run.succeeded()
    assert sorted(fact["outcome"] for fact in desk.facts()) == ["succeeded", "unknown"]


def test_async_runs(desk, prompt):
    async def answer(index):
        async with prompt.track(model=f"m-{index % 2}") as run:
            await asyncio.sleep(0)
            run.succeeded(input_tokens=index)

    async def main():
        await asyncio.gather(*(answer(index) for index in range(20)))
        with pytest.raises(BusyError):
            async with prompt.track():
                raise BusyError

    asyncio.run(main())
    facts = desk.facts()
    assert sorted(fact["input_tokens"] for fact in facts if "input_tokens" in fact) == list(range(20))
    assert [fact["error_type"] for fact in facts if fact["outcome"] == "failed"] == [f"{__name__}.BusyError"]


def test_a_decorated_coroutine(desk, prompt):
    @prompt.track()
    async def answer(index):
        run = promptbits.current_run()
        await asyncio.sleep(0)
        assert promptbits.current_run() is run
        run.succeeded(input_tokens=index)
        return index

    async def main():
        return await asyncio.gather(*(answer(index) for index in range(10)))

    assert asyncio.run(main()) == list(range(10))
    assert sorted(fact["input_tokens"] for fact in desk.facts()) == list(range(10))


def test_a_decorated_async_generator(desk, prompt):
    @prompt.track()
    async def stream(fail):
        try:
            got = yield 1
            assert got == "more"
        except BusyError:
            yield "caught"
        promptbits.current_run().succeeded()
        if fail:
            raise ValueError
        yield 2

    async def main():
        steps = stream(fail=False)
        assert [await anext(steps), await steps.asend("more")] == [1, 2]
        assert [item async for item in steps] == []
        steps = stream(fail=True)
        assert [await anext(steps), await steps.athrow(BusyError())] == [1, "caught"]
        with pytest.raises(ValueError):  # noqa: PT011  (it has no text)
            await anext(steps)
        steps = stream(fail=False)
        assert await anext(steps) == 1
        await steps.aclose()

    asyncio.run(main())
    assert sorted(fact["outcome"] for fact in desk.facts()) == ["failed", "succeeded", "unknown"]


def test_a_task_that_is_cancelled_is_recorded_nevertheless(desk, prompt):
    async def answer():
        async with prompt.track():
            await asyncio.Event().wait()

    async def main():
        task = asyncio.create_task(answer())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()  # once more, while it is being recorded
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert only(desk)["error_type"] == "asyncio.exceptions.CancelledError"


def test_async_loading(desk):
    desk.write("greet", "Hello")

    async def main():
        first, second = await promptbits.aload_prompt("greet"), await promptbits.aload_prompt("greet", variables={})
        assert (first.text, second.text) == ("Hello", "Hello")
        with pytest.raises(promptbits.PromptNotFoundError):
            await promptbits.aload_prompt("nobody")
        await promptbits.arecord_feedback(first, rating=5)
        table = await promptbits.aget_prompt("greet")
        await promptbits.asave_prompt(table | {"id": "copy"})

    asyncio.run(main())
    assert only(desk)["rating"] == 5
    assert promptbits.load_prompt("copy").text == "Hello"


def test_nothing_is_recorded_where_nobody_wants_it(desk, prompt):
    promptbits.configure(facts=False)
    with prompt.track() as run:
        run.succeeded()
    promptbits.record_feedback(prompt, rating=1)
    assert not desk.store_path.exists()
    promptbits.configure(facts=desk.root / "mine.db")
    with prompt.track():
        pass
    assert (desk.root / "mine.db").is_file()
