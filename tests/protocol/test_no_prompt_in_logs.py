"""No prompt text in any log, at any level, even when something fails with the prompt in its message."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from authoring import DEADLINE, PUBLISH, PULL, PUSH, codes, prompt, session
from client import Client

from promptbits.lsp.checking import diagnostics
from promptbits.lsp.state import documents
from promptbits.lsp.state import session as session_module
from promptbits.prompts.library import Library

pytestmark = pytest.mark.asyncio

CANARY = "kanarienvogel"
A, B = "prompts/a.json", "prompts/b.json"
SERVER = [sys.executable, "-c", "from promptbits.lsp.server import main; main()"]
# Prompts that hold the canary wherever something is said of them.
TEXTS = {
    "sound": prompt("a", content=f"<<{CANARY}>>"),
    "faulty": prompt(
        "a", content=f"<<{CANARY}>> {{{{{CANARY}}}}}", variables={CANARY: {"type": CANARY}}, tags=[CANARY, 7]
    ),
    "unknown": prompt("a", **{CANARY: CANARY}, related=[CANARY], parent=CANARY, version=CANARY, category=CANARY),
    "broken": '{"id": "a", "content": "' + CANARY,
    "no JSON": CANARY,
    "half a character": prompt("a", content=CANARY + "\ud800"),
    "id": prompt(CANARY, trigger={CANARY: CANARY}),
}


async def test_the_log_of_a_whole_session_at_debug_level(tmp_path: Path) -> None:
    env = {"PROMPTBITS_LOG": "debug", "PROMPTBITS_CACHE": str(tmp_path / "cache"), "PYTHONASYNCIODEBUG": "1"}
    (tmp_path / "prompts").mkdir()
    for number, text in enumerate(TEXTS.values()):
        (tmp_path / f"prompts/{number}.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    client = await Client.spawn(SERVER, env=env)
    try:
        await client.initialize(PUSH, rootUri=tmp_path.as_uri(), initializationOptions={"json": CANARY})
        for version, text in enumerate(TEXTS.values(), start=1):
            name = (tmp_path / f"prompts/{CANARY if version % 2 else 'a'}.json").as_uri()
            client.open_document(name, text, version=version)
            client.change_document(name, version + 100, {"text": text + CANARY})
            client.change_document(name, version, {"range": CANARY, "text": CANARY})
            await client.notified(PUBLISH, deadline=DEADLINE)
            client.notify("textDocument/didSave", {"textDocument": {"uri": name}, "text": CANARY})
            client.notify("workspace/didChangeConfiguration", {"settings": {"promptbits": CANARY}})
            client.start_request(f"textDocument/{CANARY}", {"text": CANARY})
            client.start_request("textDocument/hover", {"text": CANARY})
            client.close_document(name)
        client.send_bytes(b"Content-Length: 5\r\n\r\n" + CANARY[:5].encode())
        await client.fence()
        await client.request("shutdown")
        client.notify("exit")
        assert await client.exit_code() == 0
    finally:
        await client.stop()
    assert b"DEBUG" in client.stderr
    lines = client.stderr.decode().splitlines()
    # The name of a file or of a method is no prompt text.
    assert [
        line for line in lines if CANARY in line and f"{CANARY}.json" not in line and f"/{CANARY}" not in line
    ] == []


class FailingError(Exception):
    """An error that quotes the prompt, as a KeyError or a UnicodeEncodeError does."""

    def __init__(self, *args: object) -> None:
        super().__init__(f"{CANARY} {args!r}")


def raising(*args: Any, **_kwargs: Any) -> Any:
    raise FailingError(*args)


FAILING: dict[str, tuple[Any, str]] = {
    "the checks": (diagnostics, "check"),
    "the conversion": (diagnostics, "diagnostics"),
    "the entry": (session_module, "entry_of_document"),
    "the edit": (documents.Document, "edit"),
    "the text": (documents.Document, "from_text"),
    "the library": (Library, "load"),
}


@pytest.mark.parametrize("where", FAILING)
@pytest.mark.parametrize("capabilities", [PUSH, PULL], ids=["push", "pull"])
async def test_a_failure_that_quotes_the_prompt_is_logged_without_it(
    where: str, capabilities: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    errors: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(*FAILING[where], raising)
        async with session(tmp_path, capabilities, failures=None) as author:
            author.write(B, TEXTS["unknown"])
            author.open(A, TEXTS["faulty"])
            author.type(A, 2, CANARY, (0, 0, 0, 0))
            await author.settled()
            if capabilities is PULL:
                answer = await author.client.response(
                    author.client.start_request("textDocument/diagnostic", pull(author.uri(A)))
                )
                errors.append(str(answer.get("error", {})))
            await author.client.fence()
            shown = author.warnings()
    assert any(record.levelno == logging.ERROR for record in caplog.records), "it was not told at all"
    assert CANARY not in caplog.text
    assert not any(CANARY in text for text in [*shown, *errors])
    assert all("Traceback" not in record.getMessage() for record in caplog.records)


def pull(uri: str) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}}


@pytest.mark.parametrize("part", ["check", "diagnostics"])
async def test_after_a_failure_the_server_goes_on(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works: Callable[..., Any] = getattr(diagnostics, part)
    fails = True

    def now_and_then(*args: Any, **kwargs: Any) -> Any:
        return raising(*args) if fails else works(*args, **kwargs)

    monkeypatch.setattr(diagnostics, part, now_and_then)
    async with session(tmp_path, failures=None) as author:
        author.open(A, prompt("a", confidence=7))
        await author.settled()
        fails = False
        author.type(A, 2, prompt("a", confidence=8))
        assert codes(await author.published(A, version=2)) == ["out-of-range"]
