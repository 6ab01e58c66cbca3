import * as vscode from 'vscode';

import type { Connection } from '../server/connection';
import { tellFailure } from '../server/messages';
import { PromptCreator } from './createPrompt';
import { recordFeedback } from './feedback';
import { rowOfFile } from './locating';
import { Library, type PromptRow } from './model';
import { ORDERS } from './order';
import { search } from './searchBox';
import { LibrarySource } from './source';
import { isPromptRow, targetUri } from './target';
import { LibraryTree } from './tree';
import { LibraryView } from './view';

const VIEW = 'promptbits.library';

/** The Prompt Library view, and the commands that create, find and rate prompts. */
export function registerLibrary(connection: Connection, context: vscode.ExtensionContext): vscode.Disposable {
  const source = new LibrarySource(connection);
  const tree = new LibraryTree(source, context.workspaceState);
  const creator = new PromptCreator(connection, source);
  const treeView = vscode.window.createTreeView(VIEW, { treeDataProvider: tree, showCollapseAll: true });
  const view = new LibraryView(treeView, source, tree);

  const duplicate = async (argument: unknown): Promise<void> => {
    await creator.duplicate(isPromptRow(argument) ? argument : await rowOf(source, targetUri(argument)));
  };
  const commands: Record<string, (argument: unknown) => unknown> = {
    'promptbits.newPrompt': () => creator.create(),
    'promptbits.duplicatePrompt': duplicate,
    'promptbits.revealPrompt': (argument) => revealInExplorer(targetUri(argument)),
    'promptbits.feedback': (argument) => recordFeedback(connection, targetUri(argument)),
    'promptbits.library.search': () => search(tree),
    'promptbits.library.clearSearch': () => (tree.query = ''),
    'promptbits.library.sort': () => chooseOrder(tree),
    'promptbits.library.refresh': () => source.refresh(),
  };
  const registered = Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, telling(run)));
  return vscode.Disposable.from(...registered, view, creator, tree, source);
}

/** A command that failed says why, in one message. */
function telling(run: (argument: unknown) => unknown): (argument: unknown) => Promise<void> {
  return async (argument) => {
    try {
      await run(argument);
    } catch (error) {
      tellFailure(error);
    }
  };
}

/** The row of a file; of one that is new, the server may not have told yet. */
async function rowOf(source: LibrarySource, uri: vscode.Uri): Promise<PromptRow> {
  let row = rowOfFile(new Library(await source.roots()), uri);
  if (!row) {
    source.refresh();
    row = rowOfFile(new Library(await source.roots()), uri);
  }
  if (row) return row;
  throw new Error(`${vscode.workspace.asRelativePath(uri)} is not in the prompt library: it has to be saved first.`);
}

async function revealInExplorer(uri: vscode.Uri): Promise<void> {
  if (!vscode.workspace.getWorkspaceFolder(uri)) {
    throw new Error(`${uri.fsPath} lies outside of the folders that are open.`);
  }
  await vscode.commands.executeCommand('revealInExplorer', uri);
}

async function chooseOrder(tree: LibraryTree): Promise<void> {
  const items = ORDERS.map((each) => ({ ...each, description: each.order === tree.order ? '$(check)' : '' }));
  const chosen = await vscode.window.showQuickPick(items, { title: 'Sort the Prompt Library by' });
  if (chosen) tree.order = chosen.order;
}
