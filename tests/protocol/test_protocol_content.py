"""What handlers raise and return, raw handlers, sending, and requests to the client."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest
from client import Client, ResponseError
from lsprotocol import types
from pygls.exceptions import FeatureAlreadyRegisteredError, JsonRpcException
from support import error_of, protocol
from tiny_server import CANARY, Tiny

from promptbits.lsp.rpc.errors import ContentModifiedError, InvalidParamsError, RequestFailedError, ServerCancelledError

pytestmark = pytest.mark.asyncio


# Errors.


async def test_unknown_methods(client: Client, server: Tiny) -> None:
    assert await error_of(client, "textDocument/unknown", {}) == {
        "code": -32601,
        "message": "Unknown method: textDocument/unknown",
    }
    assert (await error_of(client, "$/unknown"))["code"] == -32601
    assert (await error_of(client, "window/showMessage"))["code"] == -32601
    assert len((await error_of(client, "x" * 10_000))["message"]) < 120
    client.notify("tiny/unknown", {})
    client.notify("$/unknown")
    await client.fence()
    assert client.methods() == []


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ContentModifiedError(), {"code": -32801, "message": "The document has changed"}),
        (RequestFailedError("No such prompt"), {"code": -32803, "message": "No such prompt"}),
        (InvalidParamsError("`name` is missing"), {"code": -32602, "message": "`name` is missing"}),
        (
            ServerCancelledError(),
            {"code": -32802, "message": "Cancelled by the server", "data": {"retriggerRequest": True}},
        ),
        (asyncio.CancelledError(), {"code": -32800, "message": "Request cancelled"}),
        (SystemExit(3), {"code": -32603, "message": "Internal error while handling tiny/typed"}),
        (JsonRpcException(CANARY), {"code": -32603, "message": "Internal error while handling tiny/typed"}),
        (RecursionError(CANARY), {"code": -32603, "message": "Internal error while handling tiny/typed"}),
    ],
)
async def test_what_a_handler_raises(
    client: Client, server: Tiny, error: BaseException, expected: dict[str, Any]
) -> None:
    @server.feature("tiny/typed")
    def typed(params: Any) -> None:
        raise error

    assert await error_of(client, "tiny/typed", {}) == expected


@pytest.mark.parametrize("result", [{1, 2}, object(), float("nan"), lambda: None, {"a": [object()]}])
async def test_a_result_that_cannot_be_sent(client: Client, server: Tiny, result: Any) -> None:
    @server.feature("tiny/unsendable")
    async def unsendable(params: Any) -> Any:
        return ["\ud800", result]  # the surrogate takes the slower of the two ways out

    assert (await error_of(client, "tiny/unsendable", {}))["code"] == -32603


async def test_commands_with_wrong_arguments(client: Client, server: Tiny) -> None:
    @server.command("tiny.add")
    def add(first: int, second: int) -> int:
        return first + second

    run = "workspace/executeCommand"
    assert await client.request(run, {"command": "tiny.add", "arguments": [1, 2]}) == 3
    generic = {"code": -32602, "message": f"Invalid parameters for {run}"}
    assert await error_of(client, run, {"command": "tiny.add", "arguments": [CANARY, 2]}) == generic
    assert await error_of(client, run, {"command": "tiny.add", "arguments": [1]}) == generic
    assert await error_of(client, run, {"command": CANARY}) == generic


async def test_a_failure_is_one_log_line_and_a_stack_only_at_debug(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await error_of(client, "tiny/raise", {})
    (record,) = caplog.records
    assert "tiny/raise failed: KeyError at protocol/tiny_server.py:" in record.getMessage()
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    await error_of(client, "tiny/raise", {})
    assert "in fail" in caplog.text
    assert CANARY not in caplog.text


# Raw handlers and raw sending.


async def test_a_raw_handler_gets_and_gives_plain_json(client: Client, server: Tiny) -> None:
    seen: list[Any] = []

    @protocol(server).raw("textDocument/completion")
    def complete(ls: Tiny, params: Any) -> Any:
        assert isinstance(ls, Tiny)
        seen.append(params)
        return {"isIncomplete": False, "items": [{"label": "a"}], "typed": types.Position(1, 2)}

    params = {"textDocument": {"uri": "u"}, "position": {"line": 1, "character": 2**40}}
    result = await client.request("textDocument/completion", params)
    assert result == {"isIncomplete": False, "items": [{"label": "a"}], "typed": {"line": 1, "character": 2}}
    assert seen == [{"textDocument": {"uri": "u"}, "position": {"line": 1, "character": 2**31 - 1}}]


async def test_a_raw_notification_handler_reports_wrong_shapes(client: Client, server: Tiny) -> None:
    noticed: list[Any] = []
    protocol(server).on_malformed_notification = lambda *what: noticed.append(what)

    @protocol(server).raw("textDocument/didSave")
    async def saved(params: Any) -> None:
        raise InvalidParamsError

    client.notify("textDocument/didSave", [1])
    await client.fence()
    await client.fence()
    assert noticed == [("textDocument/didSave", [1])]


async def test_a_method_has_one_handler(server: Tiny) -> None:
    with pytest.raises(FeatureAlreadyRegisteredError):
        protocol(server).raw("tiny/sync")(lambda params: None)
    with pytest.raises(ValueError, match="initialize"):
        protocol(server).raw("initialize")


async def test_a_thread_sends_through_the_loop(client: Client, server: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    writer: Any = server.protocol.writer
    write = writer.write
    threads: list[int] = []

    def spy(data: bytes) -> None:
        threads.append(threading.get_ident())
        write(data)

    monkeypatch.setattr(writer, "write", spy)
    await asyncio.to_thread(protocol(server).notify, "tiny/fromThread", types.Position(3, 4))
    assert await client.notified("tiny/fromThread") == {"line": 3, "character": 4}
    assert threads == [threading.get_ident()]


async def test_sending(client: Client, server: Tiny) -> None:
    position = types.Position(3, 4)
    protocol(server).notify_raw("tiny/raw", {"a": ["é", None]})
    protocol(server).notify("tiny/mixed", {"position": position, "kind": types.MarkupKind.Markdown})
    protocol(server).notify("tiny/nothing")
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, "hello"))
    assert await client.notified("tiny/raw") == {"a": ["é", None]}
    assert await client.notified("tiny/mixed") == {"position": {"line": 3, "character": 4}, "kind": "markdown"}
    assert await client.notified("tiny/nothing") is None
    assert await client.notified("window/showMessage") == {"type": 3, "message": "hello"}


# Requests to the client.


async def test_the_client_is_asked(client: Client, server: Tiny) -> None:
    client.answers["workspace/configuration"] = lambda params: [{"section": params["items"][0]["section"]}]
    asked = types.ConfigurationParams([types.ConfigurationItem(section="promptbits")])
    assert list(await server.workspace_configuration_async(asked)) == [{"section": "promptbits"}]
    assert await protocol(server).send_request_async("tiny/question", {"a": 1}) is None


@pytest.mark.parametrize("answer", [7, {}, [], "text", None])
async def test_the_client_answers_in_the_wrong_shape(client: Client, server: Tiny, answer: Any) -> None:
    client.answers["workspace/applyEdit"] = lambda _: answer
    with pytest.raises(JsonRpcException):
        await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(types.WorkspaceEdit()))
    assert await client.request("tiny/sync", {}) == "done"


async def test_the_client_answers_what_nobody_waits_for(client: Client, server: Tiny) -> None:
    for message_id in ("unknown", 5, None, [], {}):
        client.send({"jsonrpc": "2.0", "id": message_id, "result": 1})
        client.send({"jsonrpc": "2.0", "id": message_id, "error": 7})
    asking = asyncio.ensure_future(server.workspace_configuration_async(types.ConfigurationParams([])))
    await asyncio.sleep(0)
    asking.cancel()
    await client.until(lambda: "workspace/configuration" in client.methods())
    assert await client.request("tiny/sync", {}) == "done"


async def test_shutdown_gives_up_what_the_client_was_asked(client: Client, server: Tiny) -> None:
    client.answers["workspace/configuration"] = lambda _: ...
    asking = asyncio.ensure_future(server.workspace_configuration_async(types.ConfigurationParams([])))
    await client.until(lambda: "workspace/configuration" in client.methods())
    await client.request("shutdown")
    await asyncio.wait([asking], timeout=20)
    assert asking.cancelled()


async def test_the_client_answers_with_an_error(client: Client, server: Tiny) -> None:
    @server.feature("tiny/ask")
    async def ask(params: Any) -> Any:
        return await protocol(server).send_request_async("tiny/question", {})

    client.answers["tiny/question"] = lambda _: ResponseError({"code": -32603, "message": CANARY})
    asking = client.start_request("tiny/ask", {})
    error = (await client.response(asking))["error"]
    assert error == {"code": -32603, "message": "Internal error while handling tiny/ask"}


# Background work.


async def test_background_work_ends_with_the_session(
    client: Client, server: Tiny, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise ValueError(CANARY)

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            server.calls.append("cancelled")

    failing = protocol(server).spawn(fail(), "indexing")
    waiting = protocol(server).spawn(wait(), "waiting")
    await asyncio.wait([failing])
    await client.fence()
    client.close_input()
    await asyncio.wait([waiting], timeout=20)
    assert server.calls == ["cancelled"]
    assert "indexing failed: ValueError" in caplog.text
    assert CANARY not in caplog.text
