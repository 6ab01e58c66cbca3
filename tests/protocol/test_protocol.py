"""The states of a session, ids, cancelling and order."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from client import Client, ResponseError
from lsprotocol import types
from support import error_of, protocol
from tiny_server import CANARY, Tiny
from wire import notification, request

pytestmark = pytest.mark.asyncio


# The states of a session.


async def test_before_initialize(fresh: Client, server: Tiny) -> None:
    fresh.notify("tiny/note", {})
    assert (await error_of(fresh, "tiny/sync", {}))["code"] == -32002
    assert (await error_of(fresh, "shutdown"))["code"] == -32002
    await fresh.initialize()
    assert await fresh.request("tiny/sync", {}) == "done"
    assert server.calls == ["sync"]


async def test_initialize_happens_once(client: Client) -> None:
    with pytest.raises(ResponseError) as caught:
        await client.initialize()
    assert caught.value.code == -32600


@pytest.mark.parametrize("params", [None, {}, [], {"capabilities": None}, {"capabilities": {}, "workspaceFolders": 3}])
async def test_a_malformed_initialize_can_be_repeated(fresh: Client, params: Any) -> None:
    assert (await error_of(fresh, "initialize", params))["code"] == -32602
    await fresh.initialize()
    assert await fresh.request("tiny/sync", {}) == "done"


async def test_a_failing_initialize_handler_leaves_the_server_uninitialized(fresh: Client, server: Tiny) -> None:
    failures = iter([ValueError(CANARY)])

    @server.feature(types.INITIALIZE)
    async def initialize(params: types.InitializeParams) -> None:
        for failure in failures:
            raise failure

    with pytest.raises(ResponseError) as caught:
        await fresh.initialize()
    assert caught.value.code == -32603
    assert (await error_of(fresh, "tiny/sync", {}))["code"] == -32002
    await fresh.initialize()
    assert await fresh.request("tiny/sync", {}) == "done"


async def test_nothing_overtakes_a_slow_initialize(fresh: Client, server: Tiny) -> None:
    begun = asyncio.Event()

    @server.feature(types.INITIALIZE)
    async def initialize(params: types.InitializeParams) -> None:
        begun.set()
        await server.gate.wait()
        server.calls.append("initialized")

    fresh.send(
        request("i", "initialize", {"processId": None, "rootUri": None, "capabilities": {}}),
        request("r", "tiny/sync", {}),
        notification("tiny/note", {}),
        notification("$/cancelRequest", {"id": "i"}),
    )
    await asyncio.wait_for(begun.wait(), 20)
    assert fresh.received == []
    server.gate.set()
    await fresh.fence()
    assert server.calls == ["initialized", "sync", "note"]
    assert "result" in (await fresh.response("i"))


async def test_after_shutdown(client: Client, server: Tiny) -> None:
    await client.request("shutdown")
    client.notify("tiny/note", {})
    assert (await error_of(client, "tiny/sync", {}))["code"] == -32600
    assert (await error_of(client, "shutdown"))["code"] == -32600
    assert server.calls == []


async def test_shutdown_answers_null_even_if_its_handler_fails(client: Client, server: Tiny) -> None:
    @server.feature(types.SHUTDOWN)
    async def stopping(params: None) -> None:
        await asyncio.sleep(0)
        raise ValueError(CANARY)

    assert await client.request("shutdown") is None


async def test_exit_waits_for_a_shutdown_under_way(client: Client, server: Tiny) -> None:
    @server.feature(types.SHUTDOWN)
    async def stopping(params: None) -> None:
        for _ in range(50):  # turns of the loop, in which an impatient exit would be over
            await asyncio.sleep(0)
        server.calls.append("stopped")

    client.send(request("s", "shutdown"), notification("exit"))
    assert (await client.response("s"))["result"] is None
    await asyncio.wait_for(client.closed.wait(), 20)
    assert server.calls == ["stopped"]
    assert protocol(server).exit_code == 0


async def test_hooks_run_when_the_session_ends_whatever_they_do(client: Client, server: Tiny) -> None:
    failed, ran = asyncio.Event(), asyncio.Event()

    def fail() -> None:
        failed.set()
        raise ValueError(CANARY)

    protocol(server).on_close += [fail, ran.set]
    client.close_input()
    await asyncio.wait_for(ran.wait(), 20)
    assert failed.is_set()


# Ids.


@pytest.mark.parametrize("message_id", [0, -1, 2**53, "", "text", "1", "\ud800", 4e6, 1.5])
async def test_ids_come_back_as_they_were(client: Client, message_id: Any) -> None:
    client.send(request(message_id, "tiny/slow", {}))
    await client.fence()
    client.cancel(message_id)
    response = await client.response(message_id)
    assert response["error"]["code"] == -32800
    assert type(response["id"]) is type(message_id)


async def test_an_id_in_use_is_refused_and_free_again_afterwards(client: Client, server: Tiny) -> None:
    client.send(request("a", "tiny/slow", {}), request("a", "tiny/sync", {}))
    assert (await client.response("a"))["error"]["code"] == -32600
    server.gate.set()
    await client.until(lambda: len(client.responses("a")) == 2)
    assert client.responses("a")[1]["result"] == "done"
    client.send(request("a", "tiny/sync", {}))
    await client.until(lambda: len(client.responses("a")) == 3)
    assert server.calls == ["slow", "sync"]


async def test_a_number_and_its_text_are_different_ids(client: Client, server: Tiny) -> None:
    client.send(request(7, "tiny/slow", {}), request("7", "tiny/slow", {}))
    await client.fence()
    client.cancel("7")
    await client.fence()
    assert client.responses("7")[0]["error"]["code"] == -32800
    server.gate.set()
    assert (await client.response(7))["result"] == "done"


# Cancelling.


async def test_cancelling_stops_a_coroutine(client: Client, server: Tiny) -> None:
    client.send(request("a", "tiny/slow", {}))
    await client.fence()
    client.cancel("a")
    client.cancel("a")
    await client.fence()
    assert [m["error"] for m in client.responses("a")] == [{"code": -32800, "message": "Request cancelled"}]
    assert server.calls == ["slow", "slow cancelled"]


async def test_a_handler_that_ignores_its_cancellation_is_not_heard(client: Client, server: Tiny) -> None:
    client.send(request("a", "tiny/stubborn", {}))
    await client.fence()
    client.cancel("a")
    await client.fence()
    assert server.calls == ["stubborn goes on"]
    assert [m["error"]["code"] for m in client.responses("a")] == [-32800]


async def test_a_coroutine_cancelled_before_its_first_step(client: Client, server: Tiny) -> None:
    client.send(request("a", "tiny/slow", {}), notification("$/cancelRequest", {"id": "a"}))
    await client.fence()
    assert [m["error"]["code"] for m in client.responses("a")] == [-32800]
    assert server.calls == []


@pytest.mark.parametrize("params", [None, {}, [], {"id": None}, {"id": []}, {"id": "unknown"}, {"id": 99}])
async def test_cancelling_what_does_not_exist(client: Client, params: Any) -> None:
    client.notify("$/cancelRequest", params)
    await client.fence()
    assert client.methods() == []


async def test_a_cancel_meets_a_request_that_was_answered(client: Client) -> None:
    message_id = client.start_request("tiny/sync", {})
    await client.response(message_id)
    client.cancel(message_id)
    await client.fence()
    assert len(client.responses(message_id)) == 1


async def test_a_cancel_that_comes_while_a_handler_blocks_is_seen_before_the_next_one(
    client: Client, server: Tiny
) -> None:
    """The cancels are written while the first handler runs, long after the burst of requests was read."""

    @server.feature("tiny/blocking")
    def blocking(params: Any) -> str:
        server.calls.append("blocking")
        if len(server.calls) == 1:
            client.send(*(notification("$/cancelRequest", {"id": f"b{n}"}) for n in range(1, 4)))
        return "done"

    client.send(*(request(f"b{n}", "tiny/blocking", {}) for n in range(4)))
    await client.fence()
    assert server.calls == ["blocking"]


# Order.


async def test_messages_are_handled_in_order(client: Client, server: Tiny) -> None:
    text: list[int] = []

    @server.feature("tiny/edit")
    def edit(params: Any) -> None:
        text.append(params["n"])

    @server.feature("tiny/editLater")
    async def edit_later(params: Any) -> None:
        text.append(params["n"])

    @server.feature("tiny/read")
    def read(params: Any) -> Any:
        return list(text)

    @server.feature("tiny/readLater")
    async def read_later(params: Any) -> Any:
        return list(text)

    methods = ["tiny/edit", "tiny/editLater", "tiny/read", "tiny/readLater"]
    messages: list[Any] = []
    edits = 0
    expected: dict[str, list[int]] = {}
    for number in range(200):
        method = methods[(number * 7 + number // 5) % 4]
        if "edit" in method:
            messages.append(notification(method, {"n": number}))
            edits += 1
        else:
            messages.append(request(f"r{number}", method, {}))
            expected[f"r{number}"] = [m["params"]["n"] for m in messages if "id" not in m]
    client.send(*messages)
    await client.fence()
    assert edits > 50
    for message_id, seen in expected.items():
        assert (await client.response(message_id))["result"] == seen


# All of it at once.


@pytest.mark.parametrize("seed", range(5))
async def test_every_request_gets_exactly_one_response(client: Client, server: Tiny, seed: int) -> None:
    chance = random.Random(seed)
    methods = ["sync", "slow", "stubborn", "thread", "raise", "raiseLater", "unknown"]
    odd_params: list[Any] = [None, [], {}, "text", 7, {"textDocument": 1}, {"position": {"line": 2**40}}]
    messages: list[Any] = []
    for number in range(300):
        known = "tiny/" + chance.choice(methods)
        method = chance.choice([known, known, "textDocument/hover", "textDocument/diagnostic"])
        messages.append(request(f"r{number}", method, chance.choice(odd_params)))
        if chance.random() < 0.4:
            messages.append(notification("$/cancelRequest", {"id": f"r{chance.randrange(number + 1)}"}))
        if chance.random() < 0.2:
            messages.append(notification(chance.choice(["tiny/raiseNote", "textDocument/didChange"]), None))
    while messages:
        size = chance.randrange(1, 60)
        client.send(*messages[:size])
        del messages[:size]
        await asyncio.sleep(0)
    await client.fence()
    server.gate.set()
    server.thread_gate.set()
    for number in range(300):
        await client.response(f"r{number}")
    await client.request("shutdown")
    assert [len(client.responses(f"r{number}")) for number in range(300)] == [1] * 300
    assert client.methods() == []
