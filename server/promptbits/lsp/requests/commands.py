"""The commands that lenses and people run: they show something in the client, or record what somebody thinks of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from promptbits.lsp.requests import reviewing
from promptbits.lsp.requests.feedback import Feedback
from promptbits.lsp.requests.virtual_documents import diff_uri, rendered_uri, stats_uri
from promptbits.lsp.rpc.errors import InvalidParamsError, RequestFailedError
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.uris import content_path, path_of
from promptbits.prompts.root import stem

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

OPEN: Final = "promptbits.open"
SHOW_DIFF: Final = "promptbits.showDiff"
SHOW_RENDERED: Final = "promptbits.showRendered"
SHOW_STATS: Final = "promptbits.showStats"
RECORD_FEEDBACK: Final = "promptbits.recordFeedback"
_NEEDS: Final = {
    OPEN: "needs the address of a prompt",
    SHOW_DIFF: "needs the addresses of two prompts",
    SHOW_RENDERED: "needs the address of a prompt, and takes a table of values",
    SHOW_STATS: "needs the address of a prompt",
    RECORD_FEEDBACK: 'needs the address of a prompt, and a rating from 1 to 5, "succeeded" or "failed"',
    **reviewing.NEEDS,
}
OPTIONS: Final = types.ExecuteCommandOptions(commands=list(_NEEDS), work_done_progress=True)

# How many prompts somebody is asked to choose from: each is a button.
_MOST_CHOICES: Final = 12


class Commands:
    """Answers `workspace/executeCommand`."""

    def __init__(self, server: LanguageServer, session: Session) -> None:
        self._server = server
        self._session = session
        self.feedback = Feedback(session)
        self.reviewing: reviewing.Reviewing | None = None

    async def execute(self, params: Any) -> Json | None:
        """Run a command. The answer says what was recorded, or names the address to show for a client that cannot.

        Raises:
            RequestFailedError: there is no such command, or the client does not show what it should.
        """
        table = cast("Json", params) if isinstance(params, dict) else {}
        command, arguments = table.get("command"), table.get("arguments")
        if not isinstance(command, str):
            raise InvalidParamsError
        given = cast("list[Any]", arguments) if isinstance(arguments, list) else []
        addresses = [each for each in given if isinstance(each, str)]
        if command == OPEN and addresses:
            return await self.show(await self._chosen(addresses))
        if command == SHOW_DIFF and len(addresses) == 2:
            return await self.show(diff_uri(*map(_path, addresses)))
        values = given[1] if len(given) == 2 else None
        if command == SHOW_RENDERED and len(addresses) == 1 and (values is None or isinstance(values, dict)):
            return await self.show(rendered_uri(_path(addresses[0]), cast("Json | None", values)))
        if command == SHOW_STATS and len(addresses) == 1:
            return await self.show(stats_uri(_path(addresses[0])))
        if command == RECORD_FEEDBACK and addresses and len(given) == 2 and given[0] == addresses[0]:
            return await self.feedback.record(self._session.address(str(_path(addresses[0]))), given[1])
        if self.reviewing is not None:
            work = self.reviewing.run(command, given, table.get("workDoneToken"))
            if work is not None:
                return await work
        raise RequestFailedError(f'"{command}" {_NEEDS.get(command, "is no command of this server")}')

    async def _chosen(self, addresses: list[str]) -> str | None:
        """The address that the author chooses; the only one where there is no choice."""
        if len(addresses) == 1:
            return addresses[0]
        names = _told_apart(addresses[:_MOST_CHOICES])
        more = f" (the first {_MOST_CHOICES} of {len(addresses):,})" if len(addresses) > _MOST_CHOICES else ""
        choices = [types.MessageActionItem(name) for name in names]
        asked = types.ShowMessageRequestParams(types.MessageType.Info, f"Which prompt?{more}", choices)
        try:
            answer = await self._server.window_show_message_request_async(asked)
        except JsonRpcException as error:
            raise RequestFailedError("this editor cannot ask which of the prompts to open") from error
        return names.get(answer.title) if answer is not None else None

    async def show(self, address: str | None) -> Json | None:
        """Show a document where the client can; its address.

        Raises:
            RequestFailedError: the client refuses.
        """
        if address is None:
            return None
        if self._session.client.show_documents:
            try:
                await self._server.window_show_document_async(types.ShowDocumentParams(address, take_focus=True))
            except JsonRpcException as error:
                raise RequestFailedError("this editor does not show documents that a server names") from error
        return {"uri": address}


def _told_apart(addresses: list[str]) -> dict[str, str]:
    """Addresses by the ids that their files are named after; those of one id by file and folders."""
    paths = {address: _path(address) for address in addresses}
    names: dict[str, str] = {}
    for address, path in paths.items():
        name = stem(path)
        alike = [each for each in paths.values() if each != path and stem(each) == name]
        depth = 2
        while any(each.parts[-depth:] == path.parts[-depth:] for each in alike):
            depth += 1
        names["/".join(path.parts[-depth:]) if alike else name] = address
    return names


def _path(address: str) -> Path:
    path = path_of(address) or content_path(address)
    if path is None:
        raise InvalidParamsError
    return path
