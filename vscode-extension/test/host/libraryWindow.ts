/** What suites of the library share: the server's answers, and somebody who answers what the extension asks. */
import * as vscode from 'vscode';
import { Library, type PromptRow } from '../../src/library/model';
import { LibrarySource } from '../../src/library/source';
import { LibraryTree } from '../../src/library/tree';
import type { Connection } from '../../src/server/connection';

/** The connection of the extension under test. */
export async function connected(): Promise<Connection> {
  const extension = vscode.extensions.getExtension<{ connection: Connection }>('promptbits.promptbits');
  if (!extension) throw new Error('the extension is not there');
  return (await extension.activate()).connection;
}

/** A memory as `workspaceState` is one. */
export function memory(): vscode.Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string, otherwise?: unknown) => values.get(key) ?? otherwise,
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
  } as vscode.Memento;
}

/** A library of its own over the real server; disposed of by the suite. */
export async function openLibrary(
  kept = memory(),
): Promise<{ source: LibrarySource; tree: LibraryTree; asked(): number }> {
  const connection = await connected();
  let asked = 0;
  const counting: Connection = {
    request: (type, params, token) => connection.request(type, params, token),
    request0: (type, token) => {
      asked += 1;
      return connection.request0(type, token);
    },
    onNotification0: (type, handler) => connection.onNotification0(type, handler),
    onCreate: (attach) => connection.onCreate(attach),
    onDidStart: connection.onDidStart,
    running: connection.running,
  };
  const source = new LibrarySource(counting);
  return { source, tree: new LibraryTree(source, kept), asked: () => asked };
}

/** The row of an id, as the server lists it now. */
export async function rowNamed(source: LibrarySource, id: string): Promise<PromptRow | undefined> {
  return new Library(await source.roots()).find((prompt) => prompt.id === id && !prompt.shadowed);
}

type Windows = Pick<
  typeof vscode.window,
  'showInputBox' | 'showQuickPick' | 'showInformationMessage' | 'showErrorMessage' | 'createInputBox'
>;

/** Answers in place of the author while `run` runs. */
export async function answering<T>(
  answers: Partial<Record<keyof Windows, unknown>>,
  run: () => Thenable<T>,
): Promise<T> {
  const window = vscode.window as unknown as Record<string, unknown>;
  const before = Object.keys(answers).map((name) => [name, window[name]] as const);
  Object.assign(window, answers);
  try {
    return await run();
  } finally {
    Object.assign(window, Object.fromEntries(before));
  }
}

/** Says what the extension told, and how: errors too. */
export function listening(): { told: string[]; answers: Partial<Record<keyof Windows, unknown>> } {
  const told: string[] = [];
  const hear = (message: string): Promise<undefined> => Promise.resolve(void told.push(message));
  return { told, answers: { showInformationMessage: hear, showErrorMessage: hear } };
}
