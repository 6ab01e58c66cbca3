"""The traps of pygls 2.1.1 that can already bite, each closed by our protocol and transport.

Every test runs twice: against ours, and against stock pygls, where it is expected to fail. When pygls fixes a trap the
stock half passes, `xfail(strict=True)` turns that into a failure, and we learn that something of ours can go. To see
the stock halves fail as ordinary failures, with their reasons:

    PROMPTBITS_TEST_STOCK=1 pytest tests/protocol/test_protocol_traps.py
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest
from client import Client
from lsprotocol import types
from support import Start
from tiny_server import CANARY, Tiny
from wire import framed, notification, request

pytestmark = pytest.mark.asyncio

HOVER = {"textDocument": {"uri": "file:///a.json"}, "position": {"line": 0, "character": 0}}


def tiny(client: Client) -> Tiny:
    assert isinstance(client.server, Tiny)
    return client.server


def codes(client: Client, message_id: Any) -> list[int | None]:
    """Return the error codes of all responses to an id, None for a result."""
    return [message.get("error", {}).get("code") for message in client.responses(message_id)]


def change(character: int) -> dict[str, Any]:
    position = {"line": 0, "character": character}
    edit = {"range": {"start": position, "end": position}, "text": "x"}
    return {"textDocument": {"uri": "file:///a.json", "version": 2}, "contentChanges": [edit]}


# 1. The reader of stdin shares the thread pool.


async def test_slow_threads_do_not_make_the_server_deaf(start: Start, patience: float) -> None:
    client = await start(max_workers=2)
    await client.initialize()
    client.send(*(request(f"slow {n}", "tiny/thread", {}) for n in range(2)))
    await client.fence(deadline=patience)


# 2. A function in a thread cannot be cancelled: its request is not answered until it ends, and then with a result.


async def test_cancelling_a_thread_answers_at_once_and_once(either: Client) -> None:
    either.send(request("a", "tiny/thread", {}))
    assert await asyncio.to_thread(tiny(either).in_thread.wait, 20)
    either.cancel("a")
    await either.fence()
    assert codes(either, "a") == [-32800]
    tiny(either).thread_gate.set()
    await asyncio.to_thread(tiny(either).thread_pool.shutdown)
    await either.fence()
    assert codes(either, "a") == [-32800]


# 3. Requests that are already cancelled are run all the same.


async def test_requests_cancelled_in_the_same_burst_do_not_run(either: Client) -> None:
    requests = [request(f"r{n}", "tiny/sync", {}) for n in range(4)]
    cancels = [notification("$/cancelRequest", {"id": f"r{n}"}) for n in range(1, 4)]
    either.send(*requests, *cancels)
    await either.fence()
    assert tiny(either).calls == ["sync"]
    assert [codes(either, f"r{n}") for n in range(4)] == [[None], [-32800], [-32800], [-32800]]


# 4. A request with parameters of the wrong shape is never answered, a notification pops up a message, and a column
#    beyond 2^31-1 loses the change.


@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        {},
        "text",
        {"textDocument": None, "position": None},
        {**HOVER, "position": {"line": None, "character": 0}},
        {**HOVER, "position": {"line": "one", "character": 0}},
    ],
)
async def test_wrong_parameters_are_answered_once(either: Client, params: Any) -> None:
    either.send(request("bad", "textDocument/hover", params))
    await either.fence()
    assert codes(either, "bad") == [-32602]
    assert either.responses("bad")[0]["error"] == {"code": -32602, "message": "Invalid parameters"}
    assert either.methods() == []


@pytest.mark.parametrize("column", [2**31, 2**53, 2**70, -1])
async def test_a_change_at_an_insane_column_is_applied(either: Client, column: int) -> None:
    document = {"uri": "file:///a.json", "languageId": "json", "version": 1, "text": "{}"}
    either.send(
        notification("textDocument/didOpen", {"textDocument": document}),
        notification("textDocument/didChange", change(column)),
    )
    await either.fence()
    assert tiny(either).calls == ["didChange"]


async def test_a_malformed_notification_pops_nothing_up_and_is_noticed(either: Client) -> None:
    noticed: list[Any] = []
    tiny(either).protocol.on_malformed_notification = lambda method, params: noticed.append((method, params))
    bad = {"textDocument": {"uri": "file:///a.json"}, "contentChanges": 7}
    either.notify("textDocument/didChange", bad)
    await either.fence()
    assert either.methods() == []
    assert noticed == [("textDocument/didChange", bad)]


# 5. Shutdown with a request in flight fails.


async def test_shutdown_with_requests_in_flight(either: Client) -> None:
    either.send(*(request(f"slow {n}", "tiny/slow", {}) for n in range(3)))
    await either.fence()
    assert await either.response(either.start_request("shutdown")) == {"jsonrpc": "2.0", "id": 3, "result": None}
    assert [codes(either, f"slow {n}") for n in range(3)] == [[-32800]] * 3


# 6. The process waits for its threads, and always exits with 0.


async def test_end_of_input_ends_the_process_while_a_thread_is_stuck(process: Client, patience: float) -> None:
    process.start_request("tiny/thread", {})
    await process.fence()
    process.close_input()
    await process.exit_code(deadline=patience)


async def test_exit_ends_the_process_while_a_thread_is_stuck(process: Client, patience: float) -> None:
    process.start_request("tiny/thread", {})
    await process.fence()
    await process.request("shutdown")
    process.notify("exit")
    assert await process.exit_code(deadline=patience) == 0


async def test_end_of_input_ends_the_process_while_a_handler_blocks_the_loop(process: Client, patience: float) -> None:
    process.start_request("tiny/busy", {})
    await process.until(lambda: b"busy" in process.stderr)
    process.close_input()
    await process.exit_code(deadline=patience)


async def test_exit_without_shutdown_exits_with_1(process: Client) -> None:
    process.notify("exit")
    assert await process.exit_code() == 1


# 15. Every message that is sent is logged.


async def test_no_prompt_text_reaches_a_log(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = await start()
    await client.initialize()
    result = await client.request("textDocument/hover", HOVER)
    assert CANARY in result["contents"]["value"]
    document = {"uri": "file:///a.json", "languageId": "json", "version": 1, "text": CANARY}
    client.notify("textDocument/didOpen", {"textDocument": document})
    client.notify("tiny/raiseNote", {"text": CANARY})
    client.start_request("tiny/raise", {"text": CANARY})
    client.start_request("tiny/raiseLater", {"text": CANARY})
    client.start_request("textDocument/hover", {"text": CANARY})
    client.send_bytes(framed(CANARY.encode()))
    client.send_bytes(framed([CANARY]))
    await client.fence()
    assert CANARY not in caplog.text


# 16. Errors tell the client the text of an exception and the stack, and a failing notification pops up a message.


@pytest.mark.parametrize("method", ["tiny/raise", "tiny/raiseLater"])
async def test_an_exception_tells_the_client_nothing(either: Client, method: str) -> None:
    response = await either.response(either.start_request(method, {}))
    assert response["error"] == {"code": -32603, "message": f"Internal error while handling {method}"}


async def test_a_failing_notification_pops_nothing_up(either: Client) -> None:
    either.notify("tiny/raiseNote", {})
    await either.fence()
    assert either.methods() == []


# 17. A thread does not know the id of its request, and its response is written from that thread.


async def test_a_thread_knows_its_request(either: Client) -> None:
    tiny(either).thread_gate.set()
    assert await either.request("tiny/thread", {}) == 2


async def test_responses_are_written_by_the_loop(either: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    either.send(request("a", "tiny/thread", {}))
    await either.fence()
    writers: set[int] = set()
    writer: Any = tiny(either).protocol.writer
    write = writer.write

    def spy(data: bytes) -> None:
        writers.add(threading.get_ident())
        write(data)

    monkeypatch.setattr(writer, "write", spy)
    tiny(either).thread_gate.set()
    await either.response("a")
    assert writers == {threading.get_ident()}


# 18. What is registered is overruled: `workspaceDiagnostics` by what else is registered, and pygls' own documents are
#     kept whatever handles `didChange`.


async def test_the_server_has_the_last_word_on_capabilities(start: Start) -> None:
    client = await start()

    def insist(capabilities: types.ServerCapabilities) -> None:
        assert isinstance(capabilities.diagnostic_provider, types.DiagnosticOptions)
        capabilities.diagnostic_provider.workspace_diagnostics = True

    tiny(client).protocol.on_capabilities = insist
    result = await client.initialize()
    assert result["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"]


async def test_documents_can_be_kept_by_somebody_else(start: Start) -> None:
    client = await start()
    opened: list[Any] = []
    server = tiny(client)
    register = getattr(server.protocol, "raw", server.feature)

    @register("textDocument/didOpen")
    def opening(params: Any) -> None:
        opened.append(params)

    await client.initialize()
    params = {"textDocument": {"uri": "file:///a.json", "languageId": "json", "version": 1, "text": "{}"}}
    client.notify("textDocument/didOpen", params)
    await client.fence()
    assert not server.workspace.text_documents
    assert opened == [params]


# 19. Headers are matched by case, and a print goes between the messages.


async def test_headers_have_no_case(start: Start, patience: float) -> None:
    client = await start()
    client.send_bytes(framed(request("a", "test/unknown", {})).replace(b"Content-Length", b"content-LENGTH"))
    await client.response("a", deadline=patience)


async def test_output_of_others_does_not_reach_the_client(process: Client) -> None:
    assert await process.request("tiny/print", {}) == "printed"
    await process.fence()
    assert process.garbage == b""
