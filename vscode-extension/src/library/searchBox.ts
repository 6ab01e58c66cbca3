import * as vscode from 'vscode';

import { searchMessage } from './model';
import type { LibraryTree } from './tree';

/** Filters the view while somebody types. Enter keeps the filter, Escape goes back to the one before. */
export async function search(tree: LibraryTree): Promise<void> {
  await vscode.commands.executeCommand('promptbits.library.focus');
  const before = tree.query;
  const box = vscode.window.createInputBox();
  box.title = 'Search the Prompt Library';
  box.placeholder = 'Words of an id, a description, a tag or a category';
  box.value = before;
  const tell = (): void => {
    const { count, size } = tree.count(box.value);
    box.prompt = box.value.trim() ? searchMessage(box.value, count, size) : '';
  };
  const accepted = await new Promise<boolean>((resolve) => {
    box.onDidChangeValue((value) => {
      tree.query = value;
      tell();
    });
    box.onDidAccept(() => resolve(true));
    box.onDidHide(() => resolve(false));
    tell();
    box.show();
  });
  box.dispose();
  if (!accepted) tree.query = before;
  else await vscode.commands.executeCommand('promptbits.library.focus');
}
