/** The commands of the server about reviews, and what is told of what became of them. */
import * as vscode from 'vscode';
import { ExecuteCommandRequest } from 'vscode-languageclient';

import type { Connection } from '../server/connection';

/** What the server answers. */
interface Answer {
  review?: number;
  summary?: string;
  /** How many there are. */
  candidates?: number;
  /** Of a decision: what to tell, and the file that has the text now. */
  message?: string;
  uri?: string | null;
  /** Of a rebase: the candidates that do not fit the text any more. */
  lost?: { candidate: number; reason: string }[];
}

/** The address of a prompt, and what the command takes besides. */
type Given = [uri: string, ...more: unknown[]];

export const OPTIMIZE = 'promptbits.optimize';
export const ACCEPT = 'promptbits.acceptProposal';
export const REJECT = 'promptbits.rejectReview';
export const REBASE = 'promptbits.rebaseReview';
export const SHOW = 'promptbits.showReview';
const PROMOTE = 'promptbits.promoteRevision';
const TOLD: readonly string[] = [OPTIMIZE, ACCEPT, REJECT, REBASE, PROMOTE];

/** Runs a command of the server and tells what became of it. */
export async function runOnServer(connection: Connection, command: string, ...given: Given): Promise<void> {
  const answer: unknown = await connection.request(ExecuteCommandRequest.type, { command, arguments: given });
  await tell(command, given, answer);
}

/** Tells the same of commands that lenses and code actions run: the language client has registered them. */
export function tellOfCommands(connection: Connection): { dispose(): void } {
  return connection.onCreate((client) => {
    // Each client has a middleware of its own, which goes with it.
    client.middleware.executeCommand = async (command, given, next) => {
      const answer: unknown = await next(command, given);
      if (TOLD.includes(command)) await tell(command, given as Given, answer);
      return answer;
    };
    return { dispose: () => undefined };
  });
}

async function tell(command: string, given: Given, answer: unknown): Promise<void> {
  // The author called it off.
  if (typeof answer !== 'object' || answer === null) return;
  const { review, summary, candidates, message, uri, lost } = answer as Answer;
  if (summary !== undefined && review !== undefined) {
    const words = `PromptBits: review ${review}: ${summary}${lostWords(lost)}.`;
    void offerToShow(words, candidates ? 'Compare' : 'Show', given[0], review);
    return;
  }
  if (command === ACCEPT && uri) await show(vscode.Uri.parse(uri), given[3] === 'revision');
  if (message) void vscode.window.showInformationMessage(`PromptBits: ${message}.`);
}

async function offerToShow(words: string, button: string, uri: string, review: number): Promise<void> {
  const chosen = await vscode.window.showInformationMessage(words, button);
  if (chosen === button) await vscode.commands.executeCommand('promptbits.review', uri, review);
}

function lostWords(lost: Answer['lost']): string {
  if (!lost?.length) return '';
  const reasons = [...new Set(lost.map(({ reason }) => reason))].sort();
  return `; ${lost.length} given up (${reasons.join(', ')})`;
}

/** Shows what was changed, where it can be undone. A file that is new is saved: before, it is empty on the disk. */
async function show(uri: vscode.Uri, isNew: boolean): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
  if (isNew) await document.save();
}
