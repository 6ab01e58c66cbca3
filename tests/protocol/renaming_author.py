"""Three prompts that name each other, and the clients that rename in them."""

from __future__ import annotations

from typing import Any

from authoring import PUSH
from editing import Editor, Json, prompt

A, B, C = "prompts/custom/a.json", "prompts/custom/b.json", "prompts/learned/c.json"
NEW = "prompts/custom/new-name.json"
CONTENT = "🚀 <<file_name>> and {{ file_name }}, \\<<file_name>>\n```\n{{file_name}}\n```"
TEXTS = {
    A: prompt("a", content=CONTENT, variables={"file_name": {"default": "é"}, "other": {}}, tags=["ours"]),
    B: prompt("b", parent="a", related=["c", "a"], tags=["ours", "yours"], revision=2),
    C: prompt("c", parent="b", related=["a"], source="Learned", revision=3),
}
OPERATIONS = ["create", "rename", "delete"]


def client_of(edit: Json | None, **workspace: Any) -> Json:
    return {**PUSH, "workspace": {**workspace} | ({} if edit is None else {"workspaceEdit": edit})}


FULL = client_of(
    {"documentChanges": True, "resourceOperations": OPERATIONS, "changeAnnotationSupport": {"groupsOnLabel": True}}
)
VERSIONED = client_of({"documentChanges": True})
PLAIN = client_of(None)
# Neovim can rename files and does not say that it takes `documentChanges`.
QUIET = client_of({"resourceOperations": OPERATIONS})
CLIENTS = {"full": FULL, "versioned": VERSIONED, "plain": PLAIN, "quiet": QUIET}


def write(author: Any) -> Editor:
    author.write("promptbits.toml", "")
    for name, text in TEXTS.items():
        author.write(name, text)
    return Editor(author)


async def begun(author: Any, name: str = A, text: str | None = None) -> Editor:
    """Every file written, one of them open, the library read."""
    editor = write(author)
    author.open(name, TEXTS[name] if text is None else text, version=4)
    await author.read()
    return editor


def opened(author: Any, name: str, text: str) -> dict[str, tuple[int, str]]:
    return {author.uri(name): (4, text)}


def renamed(author: Any, *moves: tuple[str, str]) -> Json:
    return {"files": [{"oldUri": author.uri(old), "newUri": author.uri(new)} for old, new in moves]}
