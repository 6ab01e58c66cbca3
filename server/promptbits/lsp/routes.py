"""The routing table: every method that the server answers, and what answers it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, cast

from lsprotocol import types

from promptbits.lsp.checking.diagnostics import Diagnostics
from promptbits.lsp.checking.library_checks import LibraryChecks
from promptbits.lsp.checking.workspace_diagnostics import register as register_workspace_diagnostics
from promptbits.lsp.requests import (
    code_actions,
    commands,
    completions,
    contents,
    deciding,
    library,
    new_prompts,
    optimizing,
    places,
    previews,
    progress,
    renaming,
    review_changes,
    review_requests,
    reviewing,
    statistics,
)
from promptbits.lsp.requests import display as displays
from promptbits.lsp.requests.features import Features
from promptbits.lsp.requests.navigation import Navigation
from promptbits.lsp.requests.structure import Structure
from promptbits.lsp.state.session import Session
from promptbits.lsp.sync import configuration, document_events, file_events
from promptbits.lsp.sync.library_news import LIBRARY_CHANGED, LibraryNews
from promptbits.lsp.sync.measurements import Measurements
from promptbits.lsp.sync.refreshing import Refreshing
from promptbits.lsp.sync.registration import Registration, quietly
from promptbits.lsp.sync.review_news import REVIEWS_CHANGED, ReviewNews
from promptbits.lsp.values.parameters import table, uri_in
from promptbits.lsp.worker.process import Worker

LLM_AVAILABLE: Final = "promptbits/llmAvailable"

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygls.lsp.server import LanguageServer

    from promptbits.lsp.rpc.protocol import Protocol


def register(server: LanguageServer, protocol: Protocol) -> None:
    """Register every feature of the server."""

    def warn(text: str) -> None:
        protocol.notify_raw(types.WINDOW_SHOW_MESSAGE, {"type": types.MessageType.Warning.value, "message": text})

    def publish(params: dict[str, Any]) -> None:
        protocol.notify_raw(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def refresh() -> None:
        protocol.spawn(quietly(server.workspace_diagnostic_refresh_async(None)), "asking for a refresh")

    session = Session(protocol.spawn, warn)
    diagnostics = Diagnostics(session, publish, refresh)
    checks = LibraryChecks(session, diagnostics)
    _lifecycle(server, protocol, session, diagnostics, checks)
    document_events.register(protocol, session, diagnostics)
    _workspace(server, protocol, session)
    file_events.register(protocol, session)
    display = displays.Display(session)
    _features(protocol, session, diagnostics, display)
    prompts = library.Library(session, checks)
    _contents(server, protocol, session, diagnostics, display, prompts)
    _library(protocol, session, prompts)


def _lifecycle(
    server: LanguageServer, protocol: Protocol, session: Session, diagnostics: Diagnostics, checks: LibraryChecks
) -> None:
    registration = Registration(server, session, protocol.spawn)
    session.roots.on_change.append(registration.roots_changed)

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        session.initialize(params, server.workspace.position_encoding)
        # Whatever becomes of `initialized` and of the settings: an author does not wait for ever.
        asyncio.get_running_loop().call_later(configuration.PATIENCE_SECONDS, session.settle)
        if session.client.pull_diagnostics:
            _pull_diagnostics(protocol, session, diagnostics)
            register_workspace_diagnostics(protocol, session, diagnostics, checks, params.client_info)

    @server.feature(types.INITIALIZED)
    async def initialized(_params: types.InitializedParams) -> None:
        protocol.spawn(registration.register(), "asking to be told of changes")
        await configuration.pull(server, session)

    _ = initialize, initialized


def _pull_diagnostics(protocol: Protocol, session: Session, diagnostics: Diagnostics) -> None:
    options = types.DiagnosticOptions(
        identifier="promptbits", inter_file_dependencies=True, workspace_diagnostics=True, work_done_progress=True
    )

    @protocol.raw(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def diagnostic(params: Any) -> dict[str, Any]:
        uri = uri_in(params)
        await session.configured.wait()
        return diagnostics.pull(uri, cast("dict[str, Any]", params).get("previousResultId"))

    _ = diagnostic


def _features(protocol: Protocol, session: Session, diagnostics: Diagnostics, display: displays.Display) -> None:
    features, completion = Features(session), completions.CompletionRequests(session)
    actions, navigation = code_actions.CodeActions(session, diagnostics), Navigation(session)
    renames, structure = renaming.Renaming(session), Structure(session)
    requests: dict[str, tuple[Callable[..., Any], Any]] = {
        types.TEXT_DOCUMENT_FORMATTING: (features.formatting, None),
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (features.document_symbols, None),
        types.TEXT_DOCUMENT_HOVER: (features.hover, None),
        types.TEXT_DOCUMENT_COMPLETION: (completion.list, completions.OPTIONS),
        types.COMPLETION_ITEM_RESOLVE: (completion.resolve, None),
        types.TEXT_DOCUMENT_CODE_ACTION: (actions.list, code_actions.OPTIONS),
        types.CODE_ACTION_RESOLVE: (actions.resolve, None),
        types.TEXT_DOCUMENT_DEFINITION: (navigation.definition, None),
        types.TEXT_DOCUMENT_REFERENCES: (navigation.references, None),
        types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: (navigation.highlights, None),
        types.WORKSPACE_SYMBOL: (navigation.symbols, types.WorkspaceSymbolOptions(resolve_provider=True)),
        types.WORKSPACE_SYMBOL_RESOLVE: (navigation.resolve_symbol, None),
        types.TEXT_DOCUMENT_PREPARE_TYPE_HIERARCHY: (navigation.prepare_hierarchy, None),
        types.TYPE_HIERARCHY_SUPERTYPES: (navigation.supertypes, None),
        types.TYPE_HIERARCHY_SUBTYPES: (navigation.subtypes, None),
        types.TEXT_DOCUMENT_RENAME: (renames.rename, types.RenameOptions(prepare_provider=True)),
        types.TEXT_DOCUMENT_PREPARE_RENAME: (renames.prepare, None),
        types.TEXT_DOCUMENT_LINKED_EDITING_RANGE: (renames.linked, None),
        types.WORKSPACE_WILL_RENAME_FILES: (renames.will_rename_files, renaming.FILES),
        types.TEXT_DOCUMENT_FOLDING_RANGE: (structure.folds, None),
        types.TEXT_DOCUMENT_SELECTION_RANGE: (structure.selections, None),
        types.TEXT_DOCUMENT_DOCUMENT_LINK: (structure.links, types.DocumentLinkOptions(resolve_provider=True)),
        types.DOCUMENT_LINK_RESOLVE: (structure.resolve_link, None),
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: (display.semantic_tokens, displays.LEGEND),
        types.TEXT_DOCUMENT_INLAY_HINT: (display.inlay_hints, None),
        types.TEXT_DOCUMENT_CODE_LENS: (display.code_lenses, types.CodeLensOptions(resolve_provider=False)),
    }
    for method, (handler, options) in requests.items():
        protocol.raw(method, options)(handler)


def _contents(
    server: LanguageServer,
    protocol: Protocol,
    session: Session,
    diagnostics: Diagnostics,
    display: displays.Display,
    prompts: library.Library,
) -> None:
    """Custom requests about content, documents that the server writes, and the commands that show them."""
    view = contents.Contents(session)
    protocol.raw(contents.CONTENT)(view.content)
    protocol.raw(contents.SET_CONTENT)(view.set_content)
    protocol.raw(contents.MAP_POSITION)(view.map_position)
    command = commands.Commands(server, session)
    protocol.raw(types.WORKSPACE_EXECUTE_COMMAND, commands.OPTIONS)(command.execute)

    refreshing = Refreshing(server, session, display, protocol.spawn)
    protocol.raw(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)(refreshing.documents.content)
    news = LibraryNews(session, diagnostics, prompts, lambda: protocol.notify_raw(LIBRARY_CHANGED, {}))

    def library_changed() -> None:
        refreshing.library_changed()
        news.changed()

    def document_changed() -> None:
        refreshing.document_changed()
        news.document_changed()

    diagnostics.on_settled = library_changed, document_changed

    def facts_changed() -> None:
        diagnostics.all_stale()
        refreshing.facts_changed()

    measurements = Measurements(session, facts_changed, protocol.spawn)
    session.roots.on_change.append(measurements.look_now)
    command.feedback.on_recorded = measurements.look_now
    _reviews(server, protocol, session, command, refreshing, measurements)

    def name_commands(capabilities: types.ServerCapabilities) -> None:
        capabilities.execute_command_provider = commands.OPTIONS  # pygls names only what is registered its own way

    protocol.on_capabilities = name_commands


def _reviews(
    server: LanguageServer,
    protocol: Protocol,
    session: Session,
    command: commands.Commands,
    refreshing: Refreshing,
    measurements: Measurements,
) -> None:
    """Better versions of prompts: the worker that finds them, the commands about them, and who is told of them."""
    worker = Worker(lambda line: session.warn([line]))
    protocol.on_close.append(worker.close)
    shown = progress.Progresses(server, session, protocol.notify_raw, protocol.spawn)
    protocol.raw(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(shown.cancel)
    work = optimizing.Optimizing(session, worker, shown)
    changes = review_changes.ReviewChanges(protocol.request_raw, session)
    decisions = deciding.Deciding(server, session, work, changes)
    command.reviewing = reviewing.Reviewing(server, session, work, decisions, command.show, protocol.spawn)

    def changed() -> None:
        refreshing.reviews_changed()
        if session.client.reviews_changed:
            protocol.notify_raw(REVIEWS_CHANGED, {})

    news = ReviewNews(session, changed, protocol.spawn)
    session.roots.on_change.append(news.look_now)
    work.on_reviews = decisions.on_reviews = news.known
    decisions.on_facts = measurements.look_now
    protocol.raw(review_requests.REVIEWS)(review_requests.ReviewRequests(session).answer)


def _library(protocol: Protocol, session: Session, prompts: library.Library) -> None:
    """Custom requests about prompts as a whole, and what clients tell beyond LSP."""
    protocol.raw(places.IS_PROMPT)(places.Places(session).is_prompt)
    protocol.raw(library.LIBRARY)(prompts.answer)
    protocol.raw(new_prompts.NEW_PROMPT)(new_prompts.NewPrompts(session).create)
    protocol.raw(previews.PREVIEW)(previews.Previews(session).preview)
    protocol.raw(statistics.STATISTICS)(statistics.Statistics(session).answer)

    @protocol.raw(LLM_AVAILABLE)
    def llm_available(params: Any) -> None:
        session.llm_available = table(params).get("available") is True

    _ = llm_available


def _workspace(server: LanguageServer, protocol: Protocol, session: Session) -> None:
    @protocol.raw(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: Any) -> None:
        if session.client.configuration:
            await configuration.pull(server, session)
        else:
            configuration.pushed(session, params)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def did_change_workspace_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        event = params.event
        session.change_folders([folder.uri for folder in event.added], [folder.uri for folder in event.removed])
        await configuration.pull(server, session)  # a folder may bring settings of its own

    _ = did_change_configuration, did_change_workspace_folders
