/** The library of a window with two folders. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answering, openLibrary } from '../libraryWindow';

suite('library of two folders', () => {
  test('each root has its own layers, and a search tells them apart', async () => {
    const { source, tree } = await openLibrary();
    const problems: unknown[] = [];
    tree.onDidShow(({ problem }) => problems.push(problem));
    const roots = (await tree.getChildren()).map((row) => (row.kind === 'root' ? row.root.name : row.kind));
    assert.deepEqual([problems, roots], [[null], ['one', 'two']]);
    tree.query = 'greet';
    const found = (await tree.getChildren()).filter((row) => row.kind === 'prompt' && row.prompt.id === 'greet');
    const said = found.map((row) => String(tree.getTreeItem(row).description));
    assert.equal(said.length, 2);
    assert.match(said.find((each) => each.endsWith('· one')) ?? '', /80\.0 % of 140/);
    assert.match(said.find((each) => each.endsWith('· two')) ?? '', /not measured/);
    tree.dispose();
    source.dispose();
  });

  test('a new prompt goes where one says', async () => {
    const asks = {
      showQuickPick: (items: vscode.QuickPickItem[]) => Promise.resolve(items.find(({ label }) => label === 'two')),
      // An id that is taken in the other folder only.
      showInputBox: async (options: vscode.InputBoxOptions) =>
        (await options.validateInput?.('report')) ? undefined : 'report',
    };
    await answering(asks, () => vscode.commands.executeCommand('promptbits.newPrompt'));
    assert.match(vscode.window.activeTextEditor?.document.fileName ?? '', /two\/prompts\/custom\/report\.json$/);
  });
});
