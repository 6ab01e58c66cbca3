"""Which handler a method has, and in which form the handler gets its parameters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types

from promptbits.lsp.rpc.errors import InvalidParamsError
from promptbits.lsp.rpc.messages import clamp_positions

if TYPE_CHECKING:
    from collections.abc import Callable

    from cattrs import Converter

    Handler = Callable[..., Any]


class Registry:
    """A typed view of the feature manager of pygls, with raw handlers beside it."""

    def __init__(self, feature_manager: Any, converter: Converter) -> None:
        self._manager = feature_manager
        self._converter = converter
        self._raw: set[str] = set()

    def add_raw(self, method: str, options: Any, handler: Handler) -> None:
        """Register a handler for plain JSON, in place of what pygls has built in."""
        # pygls hangs attributes on what it registers, which a bound method does not take.
        self._manager.feature(method, options)(partial(handler))
        self._raw.add(method)

    def registered(self, method: str) -> Handler | None:
        """Return what the server registered for a method."""
        return cast("dict[str, Handler]", self._manager.features).get(method)

    def find(self, method: str) -> Handler | None:
        """Return what handles a method: raw handlers, then what is built in (it calls what is registered)."""
        if method in self._raw:
            return self.registered(method)
        built_in = cast("dict[str, Handler]", self._manager.builtin_features).get(method)
        return built_in or self.registered(method)

    def params(self, method: str, value: Any) -> Any:
        """Return the parameters for the handler of a method.

        A method that LSP does not know gets plain JSON, and so does a raw handler.

        Raises:
            InvalidParamsError: They have the wrong shape.
        """
        params_type = types.METHOD_TO_TYPES.get(method, (None, None, None))[2]
        if method in self._raw or params_type is None:
            if method.startswith("textDocument/"):
                clamp_positions(value)
            return value
        if value is None:
            value = cast("dict[str, Any]", {})  # right for all whose fields are all optional
        converted, fits = self._convert(value, params_type)
        if not fits:
            clamp_positions(value)
            converted, fits = self._convert(value, params_type)
        if not fits:
            raise InvalidParamsError
        return converted

    def _convert(self, value: Any, params_type: Any) -> tuple[Any, bool]:
        try:
            return self._converter.structure(value, params_type), True
        except Exception:  # cattrs raises whatever the value provoked; its text quotes the value and ends here
            return None, False
