"""What the client can do, folded once into named booleans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from lsprotocol import types


@dataclass(frozen=True, slots=True)
class ClientFeatures:
    """The capabilities that decide how this server behaves.

    The last four are announced under `experimental.promptbits`: what clients can do beyond LSP. `commands` are theirs.
    """

    pull_diagnostics: bool = False
    related_information: bool = False
    diagnostic_tags: bool = False
    configuration: bool = False
    watched_files: bool = False
    configuration_registration: bool = False
    action_literals: bool = False
    lazy_edits: bool = False
    document_changes: bool = False
    create_files: bool = False
    rename_files: bool = False
    change_annotations: bool = False
    show_documents: bool = False
    lazy_symbols: bool = False
    link_tooltips: bool = False
    lens_refresh: bool = False
    hint_refresh: bool = False
    token_refresh: bool = False
    virtual_documents: bool = False
    relative_globs: bool = False
    whole_line_folds: bool = False
    many_line_tokens: bool = False
    symbol_trees: bool = False
    snippets: bool = False
    lazy_documentation: bool = False
    markdown_documentation: bool = False
    markdown_hovers: bool = False
    apply_edits: bool = False
    work_done_progress: bool = False
    library_changed: bool = False
    reviews_changed: bool = False
    llm_requests: bool = False
    commands: frozenset[str] = frozenset()

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities) -> ClientFeatures:
        """Read a client's capabilities; whatever is absent is a no."""

        def has(path: str) -> bool:
            value: Any = capabilities
            for name in path.split("."):
                value = getattr(cast("object", value), name, None)
            return bool(value) or hasattr(value, "__attrs_attrs__")  # an empty object is a yes, an empty list a no

        def lists(path: str, item: str) -> bool:
            value: Any = capabilities
            for name in path.split("."):
                value = getattr(cast("object", value), name, None)
            # Enumerations of the protocol are strings; a client may also list what no enumeration has.
            return item in [str(getattr(each, "value", each)) for each in value or ()]

        extras = _extras(capabilities)
        commands = cast("list[Any]", extras.get("commands") if isinstance(extras.get("commands"), list) else [])
        action, item = "text_document.code_action", "text_document.completion.completion_item"
        return cls(
            # A client that pulls but cannot be told to pull again would keep what another file made stale.
            pull_diagnostics=has("text_document.diagnostic") and has("workspace.diagnostics.refresh_support"),
            related_information=has("text_document.publish_diagnostics.related_information"),
            diagnostic_tags=has("text_document.publish_diagnostics.tag_support.value_set"),
            configuration=has("workspace.configuration"),
            watched_files=has("workspace.did_change_watched_files.dynamic_registration"),
            configuration_registration=has("workspace.did_change_configuration.dynamic_registration"),
            action_literals=has(f"{action}.code_action_literal_support"),
            lazy_edits=has(f"{action}.data_support") and lists(f"{action}.resolve_support.properties", "edit"),
            document_changes=has("workspace.workspace_edit.document_changes"),
            create_files=lists("workspace.workspace_edit.resource_operations", "create"),
            rename_files=lists("workspace.workspace_edit.resource_operations", "rename"),
            change_annotations=has("workspace.workspace_edit.change_annotation_support"),
            link_tooltips=has("text_document.document_link.tooltip_support"),
            lazy_symbols=lists("workspace.symbol.resolve_support.properties", "location.range"),
            show_documents=has("window.show_document.support"),
            lens_refresh=has("workspace.code_lens.refresh_support"),
            hint_refresh=has("workspace.inlay_hint.refresh_support"),
            token_refresh=has("workspace.semantic_tokens.refresh_support"),
            virtual_documents=has("workspace.text_document_content.dynamic_registration"),
            relative_globs=has("workspace.did_change_watched_files.relative_pattern_support"),
            whole_line_folds=has("text_document.folding_range.line_folding_only"),
            many_line_tokens=has("text_document.semantic_tokens.multiline_token_support"),
            symbol_trees=has("text_document.document_symbol.hierarchical_document_symbol_support"),
            snippets=has(f"{item}.snippet_support"),
            lazy_documentation=lists(f"{item}.resolve_support.properties", "documentation"),
            markdown_documentation=lists(f"{item}.documentation_format", "markdown"),
            markdown_hovers=lists("text_document.hover.content_format", "markdown"),
            apply_edits=has("workspace.apply_edit"),
            work_done_progress=has("window.work_done_progress"),
            library_changed=extras.get("libraryChanged") is True,
            reviews_changed=extras.get("reviewsChanged") is True,
            llm_requests=extras.get("llmRequest") is True,
            commands=frozenset(each for each in commands if isinstance(each, str)),
        )


def _extras(capabilities: types.ClientCapabilities) -> dict[str, Any]:
    """What a client announces for this server alone."""
    experimental: Any = capabilities.experimental
    extras = cast("dict[str, Any]", experimental).get("promptbits") if isinstance(experimental, dict) else None
    return cast("dict[str, Any]", extras) if isinstance(extras, dict) else {}
