/** The way from a JSON file to the view of its content and back, with the cursor. */
import * as vscode from 'vscode';
import { content, mapPosition } from '../protocol';
import type { Connection } from '../server/connection';
import { tellFailure } from '../server/messages';
import { addressOf } from '../webview/address';
import { SCHEME } from './address';
import type { JsonFile } from './jsonFile';

export function registerCommands(connection: Connection, json: JsonFile): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('promptbits.editContent', (argument?: unknown) =>
      editContent(connection, json, argument),
    ),
    vscode.commands.registerCommand('promptbits.openJson', (argument?: unknown) =>
      openJson(connection, json, argument),
    ),
  );
}

async function editContent(connection: Connection, json: JsonFile, argument: unknown): Promise<void> {
  const uri = named(argument);
  if (!uri) return;
  const view = uri.scheme === SCHEME ? uri : json.viewOf(uri);
  try {
    // Before anything is shown: the server's own words say best why there is no content to edit.
    const address = uri.scheme === SCHEME || uri.scheme === 'file' ? view.toString() : uri.toString();
    const { readOnly } = await connection.request(content, { uri: address });
    await show(connection, uri, view);
    if (readOnly !== undefined) void explain(readOnly, json.uriOf(view));
  } catch (error) {
    tellFailure(error);
  }
}

async function openJson(connection: Connection, json: JsonFile, argument: unknown): Promise<void> {
  const uri = named(argument);
  const file = uri && (json.uriOf(uri) ?? uri);
  if (!uri || !file) return;
  try {
    await show(connection, uri, file);
  } catch (error) {
    tellFailure(error);
  }
}

/** Opens a document with the cursor where it is in the other one, if that is shown. */
async function show(connection: Connection, from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const editor = editorOf(from);
  const document = await vscode.workspace.openTextDocument(to);
  const selection = editor && from.toString() !== to.toString() && (await mapped(connection, editor));
  // Where the document is shown already, its own selection stays if there is no place to map.
  const opened = await vscode.window.showTextDocument(document, {
    preview: false,
    ...(selection ? { selection } : {}),
  });
  if (selection) opened.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

async function mapped(connection: Connection, editor: vscode.TextEditor): Promise<vscode.Range | undefined> {
  const { anchor, active } = editor.selection;
  const asked = [anchor, active].map(({ line, character }) => ({ line, character }));
  try {
    const { positions } = await connection.request(mapPosition, {
      uri: editor.document.uri.toString(),
      positions: asked,
    });
    const [start, end] = positions;
    const at = end ?? start;
    if (!at) return undefined;
    const from = start ?? at;
    return new vscode.Selection(from.line, from.character, at.line, at.character);
  } catch {
    return undefined; // opening the document matters more than where the cursor is
  }
}

function editorOf(uri: vscode.Uri): vscode.TextEditor | undefined {
  const shows = (editor: vscode.TextEditor) => editor.document.uri.toString() === uri.toString();
  const active = vscode.window.activeTextEditor;
  return active && shows(active) ? active : vscode.window.visibleTextEditors.find(shows);
}

/** The prompt that a command was called with, or that is being edited. */
function named(argument: unknown): vscode.Uri | undefined {
  const address = addressOf(argument);
  const uri = address === undefined ? vscode.window.activeTextEditor?.document.uri : vscode.Uri.parse(address, true);
  if (!uri) void vscode.window.showInformationMessage('Open a prompt first, or choose one in the prompt library.');
  return uri;
}

async function explain(reason: string, file: vscode.Uri | undefined): Promise<void> {
  const duplicate = 'Duplicate…';
  if ((await vscode.window.showInformationMessage(`${reason}.`, duplicate)) === duplicate) {
    await vscode.commands.executeCommand('promptbits.duplicatePrompt', file);
  }
}
