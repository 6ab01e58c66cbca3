"""Prompts that ship with the package are shown as Markdown, and never written."""

from __future__ import annotations

from pathlib import Path

import pytest
from authoring import prompt
from client import ResponseError
from viewing import A, editing

from promptbits.prompts.shipped import shipped_prompts

pytestmark = pytest.mark.asyncio


async def test_the_content_of_a_shipped_prompt_says_why_it_is_not_edited(tmp_path: Path) -> None:
    path = min(shipped_prompts().glob("*.json"))
    before = path.read_bytes()
    async with editing(tmp_path, prompt()) as editor:
        answer = await editor.content(path.as_uri())
        assert answer["readOnly"] == f"{path.name} comes with PromptBits and is not edited, only duplicated"
        with pytest.raises(ResponseError, match="only duplicated: nothing was saved"):
            await editor.set(path.as_uri(), answer["version"], "mine")
        assert "readOnly" not in await editor.content(A)
    assert path.read_bytes() == before


async def test_who_works_on_the_shipped_prompts_edits_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promptbits.lsp.requests.contents.shipped_prompts", lambda: tmp_path)
    async with editing(tmp_path, prompt()) as editor:
        answer = await editor.content(A)
        assert "readOnly" not in answer
        assert "edit" in await editor.set(A, answer["version"], "mine")
