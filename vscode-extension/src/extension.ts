/** Activation: every part registers itself, then the server starts. */
import * as vscode from 'vscode';
import { registerContent } from './content/register';
import { registerDocuments } from './documents/register';
import { registerLibrary } from './library/register';
import { registerModels } from './models/register';
import { registerPreview } from './preview/register';
import { registerReviews } from './reviews/register';
import type { ClientConnection } from './server/clientConnection';
import { registerServer } from './server/register';
import type { ServerManager } from './server/manager';
import { registerStatistics } from './statistics/register';

/** What tests get from `activate()`. Not for other extensions. */
export interface Extension {
  connection: ClientConnection;
  manager: ServerManager;
}

let manager: ServerManager | undefined;

/** Called by VS Code when a prompt, its content or the library is first needed. */
export function activate(context: vscode.ExtensionContext): Extension {
  const server = registerServer(context);
  manager = server.manager;
  const { connection } = server;
  context.subscriptions.push(
    registerDocuments(connection),
    registerContent(connection, context),
    registerLibrary(connection, context),
    registerReviews(connection),
    registerPreview(connection, context),
    registerStatistics(connection, context),
    registerModels(connection, context),
  );
  // Not awaited: the editor does not wait for a server.
  void manager.restart();
  return server;
}

/** Called by VS Code when the window closes: the server ends first. */
export async function deactivate(): Promise<void> {
  await manager?.stop();
}
