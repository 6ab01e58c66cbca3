import * as vscode from 'vscode';

import type { PromptRow } from './model';

const VIEW_SCHEME = 'promptbits-content';

/** Which prompt a command is about: a row of the tree, an address, or what the active editor shows. */
export function targetUri(argument: unknown): vscode.Uri {
  if (isPromptRow(argument)) return vscode.Uri.parse(argument.prompt.uri);
  if (argument instanceof vscode.Uri) return fileOf(argument);
  if (typeof argument === 'string') return fileOf(vscode.Uri.parse(argument));
  const editor = vscode.window.activeTextEditor;
  if (!editor) throw new Error('No prompt is open: open one, or choose one in the prompt library.');
  return fileOf(editor.document.uri);
}

/** The JSON file of a prompt that is shown as Markdown; other addresses as they are. */
export function fileOf(uri: vscode.Uri): vscode.Uri {
  return uri.scheme === VIEW_SCHEME ? uri.with({ scheme: 'file', path: uri.path.replace(/\.md$/, '') }) : uri;
}

export function isPromptRow(value: unknown): value is PromptRow {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'prompt';
}
