/** Prompts whose place no pattern in package.json can know, such as those of roots in promptbits.toml. */
import * as vscode from 'vscode';
import { isPrompt, libraryChanged } from '../protocol';
import type { Connection } from '../server/connection';
import { Adoption } from './adoption';

/** Gives the language `promptbit` to JSON documents that the server takes for prompts. */
export function registerDocuments(connection: Connection): vscode.Disposable {
  const adoption = new Adoption<vscode.TextDocument>({
    documents: () => vscode.workspace.textDocuments,
    running: () => connection.running,
    isPrompt: async (uri) => (await connection.request(isPrompt, { uri })).prompt,
    makePrompt: (document) => Promise.resolve(vscode.languages.setTextDocumentLanguage(document, 'promptbit')),
  });
  const all = (): void => void adoption.considerAll();
  all();
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument((document) => void adoption.consider(document)),
    // By then the file on disk may say in its `$schema` that it is a prompt.
    vscode.workspace.onDidSaveTextDocument((document) => void adoption.consider(document)),
    vscode.workspace.onDidCloseTextDocument((document) => {
      adoption.closed(document);
    }),
    connection.onDidStart(all),
    connection.onNotification0(libraryChanged, all),
  );
}
