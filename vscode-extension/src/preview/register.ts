/** The command that opens the preview, and what makes it follow: the active editor, its text, the server. */
import * as vscode from 'vscode';
import * as protocol from '../protocol';
import type { Connection } from '../server/connection';
import { samePrompt } from '../webview/address';
import { keptUri, type FromPreview, type ToPreview } from '../webview/messages';
import { Panel } from '../webview/panel';
import { promptFor, promptIn } from '../webview/prompts';
import { PreviewController } from './controller';

/** Adds `promptbits.preview`. As a Markdown preview does, the panel follows the prompt that is being edited. */
export function registerPreview(connection: Connection, context: vscode.ExtensionContext): vscode.Disposable {
  const kind = { viewType: 'promptbits.preview', bundle: 'preview' };
  const panel = new Panel<FromPreview, ToPreview>(context.extensionUri, kind);
  const controller = new PreviewController(connection, panel, context.workspaceState);
  panel.connect({
    message: (message) => void controller.receive(message),
    restored: (state) => {
      const uri = keptUri(state) ?? promptIn(vscode.window.activeTextEditor);
      if (uri) controller.show(uri);
    },
  });

  const show = (argument: unknown) => {
    const uri = promptFor(argument);
    if (!uri) return;
    const beside = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    panel.reveal(beside, 'Preview', true);
    controller.show(uri);
  };

  return vscode.Disposable.from(
    panel,
    vscode.commands.registerCommand('promptbits.preview', show),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      const uri = promptIn(editor);
      if (uri && panel.open) controller.show(uri);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      const uri = controller.current;
      if (uri && samePrompt(uri, document.uri.toString())) controller.changed();
    }),
    connection.onDidStart(() => controller.changed()),
    connection.onNotification0(protocol.libraryChanged, () => controller.changed()),
  );
}
