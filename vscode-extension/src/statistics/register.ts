/** The command that opens the statistics, and what keeps them up to date: facts, the prompt, the server. */
import * as vscode from 'vscode';
import * as protocol from '../protocol';
import type { Connection } from '../server/connection';
import { samePrompt } from '../webview/address';
import { keptUri, type FromStatistics, type ToStatistics } from '../webview/messages';
import { Panel } from '../webview/panel';
import { promptFor } from '../webview/prompts';
import { StatisticsController } from './controller';

/** Adds `promptbits.statistics`. The panel stays with its prompt until the command is called for another one. */
export function registerStatistics(connection: Connection, context: vscode.ExtensionContext): vscode.Disposable {
  const kind = { viewType: 'promptbits.statistics', bundle: 'statistics' };
  const panel = new Panel<FromStatistics, ToStatistics>(context.extensionUri, kind);
  const controller = new StatisticsController(connection, panel);
  panel.connect({
    message: (message) => void controller.receive(message),
    restored: (state) => {
      const uri = keptUri(state);
      if (uri) controller.show(uri);
    },
  });

  const show = (argument: unknown) => {
    const uri = promptFor(argument);
    if (!uri) return;
    panel.reveal(vscode.ViewColumn.Active, 'Statistics', false);
    controller.show(uri);
  };

  return vscode.Disposable.from(
    panel,
    vscode.commands.registerCommand('promptbits.statistics', show),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      const uri = controller.current;
      if (uri && samePrompt(uri, document.uri.toString())) controller.changed();
    }),
    connection.onDidStart(() => controller.changed()),
    connection.onNotification0(protocol.libraryChanged, () => controller.changed()),
  );
}
