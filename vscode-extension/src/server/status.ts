/** The item beside the language of a prompt: what the server is doing. A click opens the log. */
import * as vscode from 'vscode';
import { DOCUMENTS } from './client';
import type { ClientConnection } from './clientConnection';
import { describe, type ServerState } from './state';

/** Shows the state for prompts and their contents, and tells it to `when` clauses as `promptbits.serverState`. */
export function registerStatus(connection: ClientConnection): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('promptbits.server', DOCUMENTS);
  item.name = 'PromptBits';
  const show = (state: ServerState): void => {
    item.text = describe(state);
    item.busy = state.kind === 'starting';
    item.severity =
      state.kind === 'stopped' ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    item.detail = state.kind === 'stopped' ? state.reason : '';
    item.command =
      state.kind === 'stopped' && state.missing
        ? { command: 'promptbits.installServer', title: 'Install' }
        : { command: 'promptbits.showLog', title: 'Show Log' };
    const name = state.kind === 'stopped' && state.missing ? 'missing' : state.kind;
    void vscode.commands.executeCommand('setContext', 'promptbits.serverState', name);
  };
  show(connection.state);
  return vscode.Disposable.from(item, connection.onDidChangeState(show));
}
