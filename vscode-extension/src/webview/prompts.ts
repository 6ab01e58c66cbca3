/** Which prompt a command is about, and how to get to it. */
import * as vscode from 'vscode';
import { addressOf, fileAddress } from './address';

/** The prompt in this editor: its file, or the Markdown view of its content. */
export function promptIn(editor: vscode.TextEditor | undefined): string | undefined {
  const document = editor?.document;
  if (!document) return undefined;
  const isPrompt = document.languageId === 'promptbit' || document.uri.scheme === 'promptbits-content';
  return isPrompt ? document.uri.toString() : undefined;
}

/** The prompt that a command was called with, or that is being edited; says so where there is none. */
export function promptFor(argument: unknown): string | undefined {
  const address = addressOf(argument) ?? promptIn(vscode.window.activeTextEditor);
  if (!address) void vscode.window.showInformationMessage('Open a prompt first, or choose one in the prompt library.');
  return address;
}

/** Opens the JSON file of a prompt, beside nothing: where the author works. */
export async function openPrompt(address: string): Promise<void> {
  const uri = vscode.Uri.parse(fileAddress(address), true);
  try {
    await vscode.window.showTextDocument(uri, { viewColumn: columnOf(uri) });
  } catch (error) {
    void vscode.window.showErrorMessage(`${uri.fsPath} cannot be opened: ${reason(error)}`);
  }
}

/** What went wrong, in words to show. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Where the file is shown already; else the first column, so that no panel is covered. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  const shown = vscode.window.tabGroups.all.find((group) =>
    group.tabs.some((tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri.toString()),
  );
  return shown?.viewColumn ?? vscode.ViewColumn.One;
}
