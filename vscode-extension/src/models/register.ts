/** Lets the server ask the language models of the editor, once the author has agreed. */
import * as vscode from 'vscode';
import { LSPErrorCodes, ProgressType, ResponseError } from 'vscode-languageclient';
import type { LanguageClient } from 'vscode-languageclient/node';
import { llmAvailable, llmRequest } from '../protocol';
import type { LlmRefusal, LlmRequestParams, LlmResult } from '../protocol';
import type { Connection } from '../server/connection';
import { Bridge, supported } from './bridge';
import { Consent, type Decision } from './consent';
import { changeConsent } from './dialogs';
import { refusalOf } from './refusals';

const KEY = 'models.consent';
const PIECE = new ProgressType<{ text: string }>();

export function registerModels(connection: Connection, context: vscode.ExtensionContext): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const store = async (decision: Decision): Promise<void> => {
    await context.workspaceState.update(KEY, decision);
    changed.fire();
  };
  const memory = {
    load: () => context.workspaceState.get<Decision>(KEY),
    store: (decision: Decision) => void store(decision),
  };
  const consent = new Consent(memory, () => vscode.workspace.isTrusted);
  const bridge = new Bridge(consent);
  let client: LanguageClient | undefined;
  const tell = async (): Promise<void> => {
    const available = await bridge.available().catch(() => false);
    if (connection.running) await client?.sendNotification(llmAvailable, { available });
  };
  const tellAgain = (): void => void tell().catch(() => undefined); // the server went away: the next one is told
  return vscode.Disposable.from(
    changed,
    connection.onCreate((created) => {
      client = created;
      return created.onRequest(llmRequest, (params, token) => answer(bridge, created, params, token));
    }),
    connection.onDidStart(tellAgain),
    changed.event(tellAgain),
    vscode.workspace.onDidGrantWorkspaceTrust(tellAgain),
    ...(supported() ? [vscode.lm.onDidChangeChatModels(tellAgain)] : []),
    vscode.commands.registerCommand('promptbits.grantModelAccess', async () => {
      await changeConsent(consent, supported() ? await vscode.lm.selectChatModels() : []);
    }),
  );
}

async function answer(
  bridge: Bridge,
  client: LanguageClient,
  params: LlmRequestParams,
  token: vscode.CancellationToken,
): Promise<LlmResult | ResponseError<{ reason: LlmRefusal }>> {
  const { partialResultToken } = params;
  const report = async (text: string): Promise<void> => {
    if (partialResultToken !== undefined) await client.sendProgress(PIECE, partialResultToken, { text });
  };
  try {
    return await bridge.answer(params, report, token);
  } catch (error) {
    if (error instanceof vscode.CancellationError) {
      return new ResponseError(LSPErrorCodes.RequestCancelled, 'the request was cancelled');
    }
    const { message, reason } = refusalOf(error);
    return new ResponseError(LSPErrorCodes.RequestFailed, message, { reason });
  }
}
