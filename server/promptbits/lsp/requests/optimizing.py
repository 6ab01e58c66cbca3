"""`promptbits.optimize` and `promptbits.rebaseReview`: what the worker does for an author, with progress."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, cast

from promptbits.lsp.requests.progress import Progresses
from promptbits.lsp.rpc.errors import ContentModifiedError, InvalidParamsError, RequestFailedError
from promptbits.lsp.state.reviewed import Placed, placed
from promptbits.lsp.values.convert import Json
from promptbits.lsp.worker.carrying import packed
from promptbits.lsp.worker.process import JobFailedError, Worker
from promptbits.prompts.content import UnfitError, decoded

if TYPE_CHECKING:
    from promptbits.lsp.state.session import Session

# Of a request, with the least and the most that each may be.
_NUMBERS: Final = {"breadth": (2, 100), "depth": (1, 20), "seed": (-(2**53), 2**53), "tokens": (1, 10**7)}


class Optimizing:
    """Hands prompts to the worker.

    Args:
        session: knows the prompts.
        worker: does the work.
        progresses: shows how far it is.

    Attributes:
        on_reviews: called when a review was made or changed; what it gives ends once everybody knows of that.
    """

    def __init__(self, session: Session, worker: Worker, progresses: Progresses) -> None:
        self._session = session
        self._worker = worker
        self._progresses = progresses
        self.on_reviews: Callable[[], Awaitable[object]] = session.configured.wait

    async def optimize(self, uri: str, options: object, token: object) -> Json | None:
        """Propose better versions of a prompt; the number of the review, or None where the author called it off.

        Raises:
            RequestFailedError: it cannot be done, in words to show.
        """
        given = cast("Json", options) if isinstance(options, dict) else {}
        place = await self.place(uri)
        content = place.snapshot.content
        expected = given.get("contentSha256")
        if expected is not None and expected != place.snapshot.content_sha256:
            raise ContentModifiedError
        job: Json = {
            "job": "optimize",
            "prompt": packed(place.snapshot),
            "options": _options(given, len(content)),
            "who": self.who(),
        }
        title = "Shortening" if given.get("tokens") is not None else "Optimizing"
        return await self._work(place, job, title, token)

    async def rebase(self, uri: str, number: int, token: object) -> Json | None:
        """Carry the proposals of a review over to the text as it is now.

        Raises:
            RequestFailedError: it cannot be done, in words to show.
        """
        place = await self.place(uri)
        job: Json = {"job": "rebase", "prompt": packed(place.snapshot), "review": number, "who": self.who()}
        return await self._work(place, job, "Rebasing", token)

    async def place(self, uri: str) -> Placed:
        """The prompt at an address, its whole library read, and its content one that can be edited.

        Raises:
            RequestFailedError: there is none, in words to show.
        """
        await self._session.configured.wait()
        await self._session.library_read(uri)
        surface = self._session.surface(uri)
        if surface is None:
            raise RequestFailedError("this is no prompt, or it cannot be read any more")
        place = placed(self._session, surface)
        if place is None:
            raise RequestFailedError("proposals are kept beside prompts: save this one in a folder first")
        await place.state.library_read()
        # What stands there may have changed while the library was read.
        surface = self._session.surface(uri)
        place = placed(self._session, surface) if surface is not None else None
        if place is None:
            raise ContentModifiedError
        try:
            decoded(place.snapshot.document)
        except UnfitError as error:
            raise RequestFailedError(f"{place.snapshot.path and place.snapshot.path.name}: {error}") from error
        return place

    def who(self) -> str:
        """Who decides, in which editor."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError, ImportError):
            user = "somebody"
        return f"{user} ({self._session.client_name or 'editor'})"

    async def _work(self, place: Placed, job: Json, doing: str, token: object) -> Json | None:
        id_ = place.snapshot.prompt.get("id")
        work: asyncio.Future[Json] = asyncio.ensure_future(
            self._worker.run(job, lambda done, total: progress.tell(done, total))
        )
        title = f"{doing} {id_}" if isinstance(id_, str) and id_ else f"{doing} a prompt"
        progress = self._progresses.begin(title, token, work.cancel)
        try:
            answer = await work
        except asyncio.CancelledError:
            if progress.called_off:
                return None
            raise
        except JobFailedError as error:
            raise RequestFailedError(str(error)) from error
        finally:
            progress.end()
        await self.on_reviews()
        return answer


def _options(given: Json, length: int) -> Json:
    """The choices as the optimizer takes them.

    Raises:
        InvalidParamsError: one has the wrong shape.
    """
    options: Json = {}
    for name, (least, most) in _NUMBERS.items():
        value = given.get(name)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise InvalidParamsError
        options["token_budget" if name == "tokens" else name] = value
    seconds, model = given.get("maxSeconds"), given.get("model")
    if seconds is not None:
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
            raise InvalidParamsError
        options["max_seconds"] = float(seconds)
    if model is not None:
        if not isinstance(model, str):
            raise InvalidParamsError
        options["model"] = model
    section, origin = _pair(given.get("section")), _pair(given.get("from"))
    if section is not None:
        if not 0 <= section[0] < section[1] <= length:
            raise InvalidParamsError
        options["section"] = section
    return options | ({} if origin is None else {"from": origin})


def _pair(value: Any) -> list[int] | None:
    if value is None:
        return None
    pair = cast("list[Any]", value) if isinstance(value, list) else []
    if len(pair) != 2 or not all(isinstance(each, int) and not isinstance(each, bool) for each in pair):
        raise InvalidParamsError
    return pair
