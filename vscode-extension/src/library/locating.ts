import * as vscode from 'vscode';

import type { LibraryPrompt } from '../protocol';
import type { Library, PromptRow } from './model';

/** The row of a file. Servers and editors percent-encode addresses in their own ways. */
export function rowOfFile(library: Library, uri: vscode.Uri): PromptRow | undefined {
  const wanted = uri.toString();
  const name = nameOf(uri.path);
  return library.find((prompt) => prompt.uri === wanted || isFile(prompt, wanted, name));
}

function isFile({ uri }: LibraryPrompt, wanted: string, name: string): boolean {
  // Only files of the same name are worth parsing an address.
  return decoded(nameOf(uri)) === name && vscode.Uri.parse(uri).toString() === wanted;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
