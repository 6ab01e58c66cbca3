/** The server's side of the extension: its channels, its state, its commands, and what makes it be chosen anew. */
import * as vscode from 'vscode';
import { ClientConnection } from './clientConnection';
import { registerDebugInformation } from './debugInformation';
import { Installer } from './installer';
import { selectInterpreter } from './interpreterPicker';
import { createChannels, tracing } from './log';
import { ServerManager } from './manager';
import { choosesServer } from './settings';
import { registerStatus } from './status';

/** Everything about the server, and the connection to it. The server starts with `manager.restart()`. */
export function registerServer(context: vscode.ExtensionContext): {
  connection: ClientConnection;
  manager: ServerManager;
} {
  const channels = createChannels();
  const trace = tracing(channels.trace);
  const connection = new ClientConnection();
  const installer = new Installer(context, channels.client);
  const manager = new ServerManager(context, connection, channels, trace.channel, installer);
  context.subscriptions.push(
    channels,
    trace,
    connection,
    registerStatus(connection),
    manager,
    vscode.commands.registerCommand('promptbits.restart', () => manager.restart()),
    vscode.commands.registerCommand('promptbits.installServer', () => manager.install()),
    vscode.commands.registerCommand('promptbits.selectInterpreter', () => selectInterpreter(manager.probe)),
    vscode.commands.registerCommand('promptbits.showLog', () => channels.client.show(true)),
    vscode.commands.registerCommand('promptbits.showServerLog', () => channels.server.show(true)),
    registerDebugInformation(context, connection),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (choosesServer(event)) {
        void manager.reconsider();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void manager.reconsider()),
  );
  return { connection, manager };
}
