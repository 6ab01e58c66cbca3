/** What a report of a fault should hold: versions, what runs, and the settings. */
import * as vscode from 'vscode';
import type { ClientConnection } from './clientConnection';
import { redacted } from './redacting';
import { serverSettings, settingNames, chosenSettings } from './settings';

const SCHEME = 'promptbits-debug';

/** The command that opens the information, as a document that nobody has to save. */
export function registerDebugInformation(
  context: vscode.ExtensionContext,
  connection: ClientConnection,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const uri = vscode.Uri.from({ scheme: SCHEME, path: '/PromptBits debug information.json' });
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => `${JSON.stringify(information(context, connection), undefined, 2)}\n`,
    }),
    vscode.commands.registerCommand('promptbits.debugInformation', async () => {
      changed.fire(uri);
      await vscode.window.showTextDocument(uri, { preview: false });
    }),
  );
}

function information(context: vscode.ExtensionContext, connection: ClientConnection): object {
  const { packageJSON } = context.extension as { packageJSON: { version: string } };
  const { state } = connection;
  const folders = vscode.workspace.workspaceFolders ?? [];
  return {
    extension: packageJSON.version,
    editor: `${vscode.env.appName} ${vscode.version}`,
    system: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
    remote: vscode.env.remoteName ?? 'none',
    trusted: vscode.workspace.isTrusted,
    server: redacted(state),
    serverSettings: redacted(serverSettings()),
    settings: redacted(chosenSettings(settingNames(packageJSON), undefined)),
    folders: folders.map(({ uri }) => ({
      folder: uri.toString(),
      settings: redacted(chosenSettings(settingNames(packageJSON), uri)),
    })),
  };
}
