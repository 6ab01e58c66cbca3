/** The content of prompts as Markdown documents. */
import * as vscode from 'vscode';
import type { Connection } from '../server/connection';
import { SCHEME } from './address';
import { type Base, Bases } from './bases';
import { registerCommands } from './commands';
import { Following } from './following';
import { JsonFile } from './jsonFile';
import { ContentProvider } from './provider';

const KEY = 'content.bases';

export function registerContent(connection: Connection, context: vscode.ExtensionContext): vscode.Disposable {
  const bases = new Bases({
    load: () => context.workspaceState.get<Record<string, Base>>(KEY, {}),
    store: (all) => void context.workspaceState.update(KEY, all),
  });
  const json = new JsonFile(connection);
  const provider = new ContentProvider(connection, bases, json);
  return vscode.Disposable.from(
    json,
    provider,
    vscode.workspace.registerFileSystemProvider(SCHEME, provider, { isCaseSensitive: true }),
    new Following(connection, bases, json, provider),
    registerCommands(connection, json),
  );
}
