import * as vscode from 'vscode';
import { ExecuteCommandRequest } from 'vscode-languageclient';

import type { Connection } from '../server/connection';

type Outcome = 'succeeded' | 'failed';

interface Choice extends vscode.QuickPickItem {
  said?: number | Outcome;
}

const CHOICES: readonly Choice[] = [
  { label: '5', description: 'very good', said: 5 },
  { label: '4', said: 4 },
  { label: '3', said: 3 },
  { label: '2', said: 2 },
  { label: '1', description: 'very bad', said: 1 },
  { label: 'one conversation', kind: vscode.QuickPickItemKind.Separator },
  { label: 'succeeded', description: 'it did what it was for', said: 'succeeded' },
  { label: 'failed', description: 'it did not', said: 'failed' },
];

/** Asks how a prompt did, and has the server record it. */
export async function recordFeedback(connection: Connection, uri: vscode.Uri): Promise<void> {
  const choice = await vscode.window.showQuickPick(CHOICES, { title: 'How did this prompt do?' });
  if (choice?.said === undefined) return;
  const told = typeof choice.said === 'number' ? { rating: choice.said } : await outcomeTold(choice.said);
  if (!told) return;
  const params = { command: 'promptbits.recordFeedback', arguments: [uri.toString(), told] };
  const answer: unknown = await connection.request(ExecuteCommandRequest.type, params);
  void vscode.window.showInformationMessage(messageOf(answer));
}

async function outcomeTold(outcome: Outcome): Promise<Record<string, string> | undefined> {
  const conversation = await vscode.window.showInputBox({
    title: `It ${outcome}: in which conversation?`,
    prompt: 'The id of the conversation. Left empty, the outcome is recorded, but counts in no rate.',
    placeHolder: 'conversation id (optional)',
  });
  if (conversation === undefined) return undefined;
  const id = conversation.trim();
  return id ? { outcome, conversation_id: id } : { outcome };
}

function messageOf(answer: unknown): string {
  const message = typeof answer === 'object' && answer !== null && 'message' in answer ? answer.message : undefined;
  return typeof message === 'string' ? message : 'recorded';
}
