"""The commands that lenses and people run: they show something in the client."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from promptbits.lsp.convert import Json
from promptbits.lsp.errors import InvalidParamsError, RequestFailedError
from promptbits.lsp.session import Session
from promptbits.lsp.uris import content_path, path_of
from promptbits.lsp.virtual_documents import diff_uri, rendered_uri
from promptbits.prompts.root import stem

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

OPEN: Final = "promptbits.open"
SHOW_DIFF: Final = "promptbits.showDiff"
SHOW_RENDERED: Final = "promptbits.showRendered"
OPTIONS: Final = types.ExecuteCommandOptions(commands=[OPEN, SHOW_DIFF, SHOW_RENDERED])
_NEEDS: Final = {
    OPEN: "needs the address of a prompt",
    SHOW_DIFF: "needs the addresses of two prompts",
    SHOW_RENDERED: "needs the address of a prompt",
}

# How many prompts somebody is asked to choose from: each is a button.
_MOST_CHOICES: Final = 12


class Commands:
    """Answers `workspace/executeCommand`."""

    def __init__(self, server: LanguageServer, session: Session) -> None:
        self._server = server
        self._session = session

    async def execute(self, params: Any) -> Json | None:
        """Run a command. The answer names the address that it shows, for a client that is to open it by itself.

        Raises:
            RequestFailedError: there is no such command, or the client does not show what it should.
        """
        table = cast("Json", params) if isinstance(params, dict) else {}
        command, arguments = table.get("command"), table.get("arguments")
        if not isinstance(command, str):
            raise InvalidParamsError
        given = cast("list[Any]", arguments) if isinstance(arguments, list) else []
        addresses = [each for each in given if isinstance(each, str)]
        match command, addresses:
            case "promptbits.open", [_, *_]:
                return await self._show(await self._chosen(addresses))
            case "promptbits.showDiff", [before, after]:
                return await self._show(diff_uri(_path(before), _path(after)))
            case "promptbits.showRendered", [address]:
                return await self._show(rendered_uri(_path(address)))
            case _:
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

    async def _show(self, address: str | None) -> Json | None:
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
