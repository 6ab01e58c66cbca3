"""What the client can do, folded once into named booleans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from lsprotocol import types


@dataclass(frozen=True, slots=True)
class ClientFeatures:
    """The capabilities that decide how this server behaves."""

    pull_diagnostics: bool = False
    related_information: bool = False
    diagnostic_tags: bool = False
    configuration: bool = False
    watched_files: bool = False
    configuration_registration: bool = False

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities) -> ClientFeatures:
        """Read a client's capabilities; whatever is absent is a no."""

        def has(path: str) -> bool:
            value: Any = capabilities
            for name in path.split("."):
                value = getattr(cast("object", value), name, None)
            return bool(value) or hasattr(value, "__attrs_attrs__")  # an empty object is a yes, an empty list a no

        return cls(
            # A client that pulls but cannot be told to pull again would keep what another file made stale.
            pull_diagnostics=has("text_document.diagnostic") and has("workspace.diagnostics.refresh_support"),
            related_information=has("text_document.publish_diagnostics.related_information"),
            diagnostic_tags=has("text_document.publish_diagnostics.tag_support.value_set"),
            configuration=has("workspace.configuration"),
            watched_files=has("workspace.did_change_watched_files.dynamic_registration"),
            configuration_registration=has("workspace.did_change_configuration.dynamic_registration"),
        )
