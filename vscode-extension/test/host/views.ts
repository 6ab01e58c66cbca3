/** What the suites about the content as Markdown share. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Extension } from '../../src/extension';
import { at, eventually, put } from './support';

/** The name of a new file: VS Code remembers documents of one that was there before. */
export function unused(): string {
  return `prompts/custom/${randomUUID()}.json`;
}

/** A prompt around a content, as it is written in the file; escapes, spaces and numbers are not those of a formatter. */
export function source(content: string, id = 'a'): string {
  return `{"id": "${id}",\t"description" :"caf\\u00e9 \\/ \u00e9",\n  "trigger": { "Custom":"${id}"}, "category": "BestPractices",
  "content":"${content}", "confidence": 5E-1,
  "source": "Custom", "tags": [ ], "revision": 1}\n\n`;
}

/** The address of the view of a file. */
export function viewOf(name: string): vscode.Uri {
  return at(name).with({ scheme: 'promptbits-content', path: `${at(name).path}.md` });
}

/** Writes a prompt and opens its content, as the command does. */
export async function edit(name: string, text: string): Promise<vscode.TextDocument> {
  await put(name, text);
  await vscode.commands.executeCommand('promptbits.editContent', at(name));
  return shown(name);
}

/** The view of a file, which is the active editor. */
export function shown(name: string): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  assert.equal(document?.uri.toString(), viewOf(name).toString());
  assert.ok(document);
  return document;
}

/** Replaces some text of a document, as typing does. */
export async function replace(document: vscode.TextDocument, old: string, by: string): Promise<void> {
  const start = document.getText().indexOf(old);
  assert.ok(start >= 0, `${JSON.stringify(old)} in ${JSON.stringify(document.getText())}`);
  const change = new vscode.WorkspaceEdit();
  change.replace(
    document.uri,
    new vscode.Range(document.positionAt(start), document.positionAt(start + old.length)),
    by,
  );
  assert.ok(await vscode.workspace.applyEdit(change));
}

/** Waits until a document shows this text, with nothing unsaved. */
export async function shows(document: vscode.TextDocument, text: string): Promise<void> {
  await eventually(`a clean view with ${JSON.stringify(text)}`, () => !document.isDirty && document.getText() === text);
}

/** Why a text cannot be saved: what VS Code shows behind `Failed to save`. */
export async function refusal(document: vscode.TextDocument): Promise<string> {
  try {
    await vscode.workspace.fs.writeFile(document.uri, Buffer.from(document.getText()));
  } catch (error) {
    assert.ok(document.isDirty);
    return error instanceof Error ? error.message : String(error);
  }
  assert.fail('it was saved');
}

/** The paths of all tabs, views with their scheme. */
export function tabs(): string[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .map((tab) => (tab.input instanceof vscode.TabInputText ? tab.input.uri.toString() : tab.label));
}

export async function restartServer(): Promise<void> {
  const extension = vscode.extensions.getExtension<Extension>('promptbits.promptbits');
  assert.ok(extension);
  const { manager, connection } = await extension.activate();
  await manager.restart();
  await eventually('a server that runs', () => connection.running);
}
