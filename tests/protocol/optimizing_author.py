"""An author who has prompts optimized: by the real worker process, with an editor that makes edits on the disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from authoring import DEADLINE, PUSH, Author, Json, prompt
from editing import Editor, apply, position_of

from promptbits.lsp.values.uris import path_of

APPLY = "workspace/applyEdit"
EXECUTE = "workspace/executeCommand"
ASK = "window/showMessageRequest"
SHOW = "window/showDocument"
CREATE = "window/workDoneProgress/create"
CANCEL = "window/workDoneProgress/cancel"
CHANGED = "promptbits/reviewsChanged"
CONTENT = "workspace/textDocumentContent"
LITERALS = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor"]}}}
FULL: Json = {
    "textDocument": {**PUSH["textDocument"], "codeAction": LITERALS},
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]},
        "codeLens": {"refreshSupport": True},
        "textDocumentContent": {"dynamicRegistration": True},
    },
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "experimental": {"promptbits": {"reviewsChanged": True}},
}

REPORT = "prompts/custom/report.json"
BEFORE = (
    "# Report\n\nYou should maybe try to write a report about <<notes>>. Please basically keep it short.\n\n"
    "## Style\n\nThe text should be written in plain words. You should probably avoid jargon.\n\n"
    "## Output\n\nFirst read everything, then write a summary, finally list the open questions.\n"
)


def report(content: str = BEFORE, **fields: Any) -> str:
    return prompt("report", content=content, variables={"notes": {"description": "What it is about"}}, **fields)


class Optimizer(Editor):
    """An editor with one prompt open, whose client makes the edits that it is asked to make."""

    def __init__(self, author: Author) -> None:
        super().__init__(author)
        self.versions = {author.uri(REPORT): 1}
        self.client = author.client
        self.client.answers[APPLY] = self._apply
        self.client.answers[SHOW] = lambda _: {"success": True}
        self.labels: list[str] = []

    @classmethod
    async def begun(cls, author: Author, text: str | None = None) -> Optimizer:
        author.write("promptbits.toml", "")
        author.write(REPORT, text or report())
        author.open(REPORT, text or report())
        await author.settled()
        return cls(author)

    @property
    def uri(self) -> str:
        return self.author.uri(REPORT)

    def _apply(self, params: Json) -> Json:
        self.labels.append(params["label"])
        opened = {
            uri: (version, self.author.folder.joinpath(REPORT).read_bytes().decode("utf-8"))
            for uri, version in self.versions.items()
        }
        before = self.text(REPORT)
        for change in params["edit"].get("documentChanges", []):
            if change.get("kind") == "create":  # editors make the folders
                Path(path_of(change["uri"]) or "").parent.mkdir(parents=True, exist_ok=True)
        apply(params["edit"], opened)
        if self.text(REPORT) != before:
            self.versions[self.uri] += 1
            self.author.type(REPORT, self.versions[self.uri], self.text(REPORT))
        return {"applied": True}

    async def run(self, command: str, *arguments: Any, **params: Any) -> Any:
        """Run a command of the server."""
        asked = {"command": f"promptbits.{command}", "arguments": [self.uri, *arguments], **params}
        return await self.client.request(EXECUTE, asked, deadline=60)

    def start(self, command: str, *arguments: Any, **params: Any) -> int:
        """Ask for a command, and do not wait for it."""
        asked = {"command": f"promptbits.{command}", "arguments": [self.uri, *arguments], **params}
        return self.client.start_request(EXECUTE, asked)

    async def optimized(self, **options: Any) -> Json:
        """Have the prompt optimized, a little."""
        return await self.run("optimize", {"breadth": 4, "depth": 2, **options})

    async def actions(
        self, what: str = "# Report", *, selected: bool = False, only: list[str] | None = None
    ) -> list[Json]:
        """What is offered at the place of a text, or for it where it is selected."""
        start = position_of(self.text(REPORT), json.dumps(what)[1:-1], 1)
        end = position_of(self.text(REPORT), json.dumps(what)[1:-1], len(what)) if selected else start
        context = {"diagnostics": [], "only": only or ["refactor.rewrite.promptbits"]}
        return await self.ask("codeAction", REPORT, range={"start": start, "end": end}, context=context)

    async def choose(self, title: str, what: str = "# Report") -> Any:
        """Choose what is offered under a title."""
        [action] = [each for each in await self.actions(what) if each["title"].startswith(title)]
        command = action["command"]
        return await self.client.request(EXECUTE, {"command": command["command"], "arguments": command["arguments"]})

    async def reviews(self, **params: Any) -> list[Json]:
        return (await self.client.request("promptbits/reviews", params))["reviews"]

    async def changed(self) -> None:
        """Wait until the client is told that there are other reviews."""
        await self.client.notified(CHANGED, deadline=DEADLINE)

    async def document(self, uri: str) -> str:
        return (await self.client.request(CONTENT, {"uri": uri}))["text"]

    async def lenses(self) -> list[str]:
        return [each["command"]["title"] for each in await self.ask("codeLens", REPORT)]

    def kept(self) -> Json:
        """The reviews as they are on the disk."""
        path: Path = self.author.folder / ".promptbits" / "reviews.json"
        return json.loads(path.read_text("utf-8"))["reviews"]

    def progress(self) -> list[Json]:
        return [each["params"] for each in self.client.received if each.get("method") == "$/progress"]
