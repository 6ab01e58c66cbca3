/** The language client: which documents it has, which settings it gives, and how quietly it fails. */
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  type ErrorHandler,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import { ExtrasFeature } from './extras';
import type { Channels } from './log';
import type { ServerProcess } from './serverProcess';
import { chosenSettings } from './settings';

export const DOCUMENTS = [
  { scheme: 'file', language: 'promptbit' },
  { scheme: 'untitled', language: 'promptbit' },
  { scheme: 'promptbits-content' },
];

export interface ClientParts {
  process: ServerProcess;
  channels: Channels;
  trace: vscode.LogOutputChannel;
  /** Settings of the server, without `promptbits.` */
  settingNames: readonly string[];
  /** The server is not started again by itself; `why` is the end of a sentence about it. */
  onGaveUp: (why: string) => void;
}

/** A client for one server. Not started yet. */
export function createClient(parts: ClientParts): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: DOCUMENTS,
    outputChannel: parts.channels.client,
    traceOutputChannel: parts.trace,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    errorHandler: restarting(() => client, parts.onGaveUp),
    // What the server shows may hold links to its own commands.
    markdown: { isTrusted: { enabledCommands: ['promptbits.open', 'promptbits.showDiff', 'promptbits.showStats'] } },
    middleware: {
      workspace: {
        configuration: (params, token, next) => {
          const items = params.items.map((item) =>
            item.section === 'promptbits'
              ? chosenSettings(parts.settingNames, item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined)
              : undefined,
          );
          return items.some((item) => item === undefined) ? next(params, token) : items;
        },
      },
    },
  };
  const client: LanguageClient = new QuietClient('promptbits', 'PromptBits', () => parts.process.start(), options);
  client.registerFeature(new ExtrasFeature());
  return client;
}

/** A client that logs what goes wrong and leaves it to the extension to tell it, with what can be done. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  /** Rejects nothing: a server that cannot be asked to stop is ended all the same. */
  override async stop(timeout?: number): Promise<void> {
    try {
      await super.stop(timeout);
    } catch (error) {
      this.outputChannel.debug(`The server did not stop when asked: ${String(error)}`);
    }
  }
}

/** The client's own policy for servers that crash; one that never came up is not tried again. */
function restarting(client: () => LanguageClient, onGaveUp: (why: string) => void): ErrorHandler {
  let policy: ErrorHandler | undefined;
  const usual = (): ErrorHandler => (policy ??= client().createDefaultErrorHandler());
  return {
    error: async (error, message, count) => {
      // A pipe breaks where the server dies. Its end is told below, and giving up now would hide it.
      if (message !== undefined || 'code' in error) {
        return { action: ErrorAction.Continue, handled: true };
      }
      const result = await usual().error(error, message, count);
      if (result.action === ErrorAction.Shutdown && client().initializeResult !== undefined) {
        onGaveUp('says what no language server says');
      }
      return { ...result, handled: true };
    },
    closed: async () => {
      if (client().initializeResult === undefined) {
        return { action: CloseAction.DoNotRestart, handled: true };
      }
      const result = await usual().closed();
      if (result.action === CloseAction.DoNotRestart) {
        onGaveUp('has ended by itself too often');
      }
      return { ...result, handled: true };
    },
  };
}
