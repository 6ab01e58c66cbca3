"""The `initialize` requests of real clients, recorded: each gets its diagnostics in its own way and encoding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authoring import PUBLISH, codes, item, prompt, session, units

pytestmark = pytest.mark.asyncio

RECORDED = {path.stem: path for path in sorted(Path(__file__).with_name("capabilities").glob("*.json"))}
# What each was seen to do: how it gets diagnostics, and in which encoding.
EXPECTED = {
    "emacs-30.1-eglot": ("push", "utf-32"),
    "helix-25.01.1": ("push", "utf-8"),
    "helix-25.07.1": ("push", "utf-8"),
    "neovim-0.10.4": ("push", "utf-16"),
    "neovim-0.12.4": ("pull", "utf-8"),
    "vscode-1.100.3-languageclient-10.1.2": ("pull", "utf-16"),
    "vscode-1.100.3-languageclient-9.0.1": ("pull", "utf-16"),
    "vscode-1.139.1-languageclient-10.1.2": ("pull", "utf-16"),
    "vscode-1.139.1-languageclient-11.0.0": ("pull", "utf-16"),
}

NAME = "prompts/a b/é.json"
TEXT = json.dumps(
    json.loads(prompt("é", description="\U0001f469\u200d\U0001f467 é 漢", confidence=7, variables={"x": {}})),
    ensure_ascii=False,
)


def recorded(name: str, folder: Path) -> dict[str, Any]:
    """Return the parameters that the client sent, with our folder in place of its own."""
    text = RECORDED[name].read_text("utf-8")
    params = json.loads(text.replace("file:///workspace", folder.as_uri()).replace("/workspace", str(folder)))
    return params["initialize"]


async def test_every_recorded_client_is_tested() -> None:
    assert RECORDED.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
async def test_a_real_client_sees_the_right_place(name: str, tmp_path: Path) -> None:
    way, encoding = EXPECTED[name]
    params = recorded(name, tmp_path)
    async with session(tmp_path, handshake=False, folders=None) as author:
        result = await author.client.request("initialize", params)
        author.client.notify("initialized", {})
        assert result["capabilities"]["positionEncoding"] == encoding
        assert ("diagnosticProvider" in result["capabilities"]) == (way == "pull")
        author.write("promptbits.toml", "")  # for those that were started without a folder
        author.open(NAME, TEXT)
        await author.settled()
        if way == "pull":
            report = await author.pull(NAME)
        else:
            await author.published(NAME)
            report = author.reports(NAME)[-1]
        assert {"invalid-value", "out-of-range", "unused-variable"} <= set(codes(report))
        before = units(TEXT[: TEXT.index("7")], encoding)
        assert item(report, "out-of-range")["range"] == {
            "start": {"line": 0, "character": before},
            "end": {"line": 0, "character": before + 1},
        }
        assert item(report, "unused-variable")["tags"] == [1]
        assert (PUBLISH in author.client.methods()) == (way == "push")
        assert author.warnings() == []


@pytest.mark.parametrize("name", EXPECTED)
async def test_a_real_client_types_and_is_told_of_another_file(name: str, tmp_path: Path) -> None:
    way, encoding = EXPECTED[name]
    capabilities = recorded(name, tmp_path)["capabilities"]
    shows_related = bool(capabilities["textDocument"]["publishDiagnostics"].get("relatedInformation"))
    async with session(tmp_path, capabilities) as author:
        author.open("prompts/b.json", prompt("b"))
        author.open(NAME, TEXT)
        start = units(TEXT[: TEXT.index('"é"') + 1], encoding)
        author.type(NAME, 2, "b", (0, start, 0, start + units("é", encoding)))
        await author.settled()
        report = await author.pull(NAME) if way == "pull" else author.reports(NAME)[-1]
        found = item(report, "duplicate-id")
        assert found["range"]["start"] == {"line": 0, "character": start - 1}
        assert ("relatedInformation" in found) == shows_related
        if way == "pull":
            await author.asked("workspace/diagnostic/refresh")
            assert codes(await author.pull("prompts/b.json")) == ["duplicate-id"]
        else:
            assert codes(author.reports("prompts/b.json")[-1]) == ["duplicate-id"]
        registered = [each for each in author.client.received if each.get("method") == "client/registerCapability"]
        watches = capabilities["workspace"]["didChangeWatchedFiles"]["dynamicRegistration"]
        assert bool(registered) == bool(watches)
