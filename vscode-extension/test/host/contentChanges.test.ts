/** The content of a prompt as Markdown, while the JSON file changes as well: nothing of either side is lost. */
import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { at, closeAll, disk, eventually, open, put } from './support';
import { edit, refusal, replace, restartServer, shows, source, tabs, unused, viewOf } from './views';

const LINES = 'one\\ntwo\\nthree\\nfour\\nfive\\n';
const SHOWN = 'one\ntwo\nthree\nfour\nfive\n';

suite('content that changes on both sides', () => {
  let name: string;

  setup(() => {
    name = unused();
  });
  teardown(closeAll);

  test('a view with nothing unsaved shows what is typed in the JSON file, and undone there', async () => {
    const view = await edit(name, source(LINES));
    const json = await open(name);
    await replace(json, 'two', '2 \\u00e9');
    await shows(view, SHOWN.replace('two', '2 \u00e9'));
    await vscode.commands.executeCommand('undo');
    await shows(view, SHOWN);
  });

  test('a view keeps what it shows while the JSON file is half typed', async () => {
    const view = await edit(name, source(LINES));
    const json = await open(name);
    await replace(json, '"content":"', '"content":'); // the string is gone
    await replace(json, 'one\\n', 'uno\\n');
    assert.equal(view.getText(), SHOWN);
    await replace(json, '"content":', '"content":"');
    await shows(view, SHOWN.replace('one', 'uno'));
  });

  test('a view shows what another program writes, whatever else it was', async () => {
    const view = await edit(name, source(LINES));
    await put(name, source(LINES.replace('four', 'FOUR')));
    await shows(view, SHOWN.replace('four', 'FOUR'));
    await replace(view, 'FOUR', '4');
    assert.ok(await view.save());
    assert.equal(await disk(name), source(LINES.replace('four', '4')));
  });

  for (const [what, change] of [
    ['typed in the JSON file', async () => replace(await open(name), 'five', 'FIVE')],
    ['written by another program', async () => put(name, source(LINES.replace('five', 'FIVE')))],
  ] as const) {
    test(`text of the same size that was ${what} is merged, and shown`, async () => {
      const view = await edit(name, source(LINES));
      await replace(view, 'one', 'ONE');
      await change();
      await eventually('the change', async () => (await json()).getText().includes('FIVE'));
      assert.ok(await view.save());
      assert.equal(await disk(name), source(LINES.replace('one', 'ONE').replace('five', 'FIVE')));
      await shows(view, SHOWN.replace('one', 'ONE').replace('five', 'FIVE'));
    });
  }

  test('what is typed after a merge is based on what the view shows then', async () => {
    const view = await edit(name, source(LINES));
    await replace(view, 'one', 'ONE');
    await replace(await open(name), 'five', 'FIVE');
    assert.ok(await view.save());
    await shows(view, SHOWN.replace('one', 'ONE').replace('five', 'FIVE'));
    await replace(view, 'FIVE', '5');
    assert.ok(await view.save());
    assert.equal(await disk(name), source(LINES.replace('one', 'ONE').replace('five', '5')));
  });

  test('what was changed on both sides is shown as a conflict, and nothing is written until it is resolved', async () => {
    const view = await edit(name, source(LINES));
    await replace(view, 'two', 'mine');
    const changed = source(LINES.replace('two', 'theirs').replace('five', 'FIVE'));
    await put(name, changed);
    await eventually('the change', async () => (await json()).getText() === changed);
    assert.equal(await view.save(), false);
    const conflict = SHOWN.replace(
      'two',
      `<<<<<<< edited here\nmine\n=======\ntheirs\n>>>>>>> now in ${path.basename(name)}`,
    ).replace('five', 'FIVE');
    assert.equal(view.getText(), conflict);
    assert.match(await refusal(view), /resolve the conflict first/);
    assert.equal(await disk(name), changed);
    await vscode.window.showTextDocument(view);
    await vscode.commands.executeCommand('undo');
    assert.equal(view.getText(), SHOWN.replace('two', 'mine'));
    assert.match(await refusal(view), /One place was changed here and in \S+\.json/);
    assert.equal(view.getText(), conflict);
    const start = conflict.indexOf('<<<<<<<');
    await replace(view, conflict.slice(start, conflict.indexOf('three')), 'both\n');
    assert.ok(await view.save());
    assert.equal(await disk(name), changed.replace('theirs', 'both'));
  });

  test('a view that undo has made clean shows what the JSON file has become meanwhile', async () => {
    const view = await edit(name, source(LINES));
    await vscode.commands.executeCommand('cursorBottom');
    await vscode.commands.executeCommand('type', { text: 'x' });
    await eventually('an unsaved view', () => view.isDirty);
    await put(name, source(LINES.replace('two', 'TWO')));
    await eventually('the change', async () => (await json()).getText().includes('TWO'));
    await vscode.commands.executeCommand('undo');
    await shows(view, SHOWN.replace('two', 'TWO'));
  });

  test('a server that was restarted merges what changes after that', async () => {
    const view = await edit(name, source(LINES));
    await replace(view, 'one', 'ONE');
    await restartServer();
    await replace(await open(name), 'five', 'FIVE');
    assert.ok(await view.save());
    assert.equal(await disk(name), source(LINES.replace('one', 'ONE').replace('five', 'FIVE')));
  });

  test('a server that never saw what the view is based on writes nothing', async () => {
    // Texts have one version wherever they are: no other view may show this one.
    const text = source(`${LINES}six\\n`);
    const view = await edit(name, text);
    await replace(view, 'one', 'ONE');
    const json = await open(name);
    await replace(json, 'five', 'FIVE');
    assert.ok(await json.save());
    await restartServer();
    assert.equal(await view.save(), false);
    assert.match(await refusal(view), /no longer what this text was based on: keep a copy/);
    assert.equal(await disk(name), text.replace('five', 'FIVE'));
    assert.ok(!json.isDirty);
    await vscode.window.showTextDocument(view);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await shows(view, `${SHOWN.replace('five', 'FIVE')}six\n`);
    await replace(view, 'one', 'ONE');
    assert.ok(await view.save());
    assert.equal(await disk(name), text.replace('one', 'ONE').replace('five', 'FIVE'));
  });

  test('views follow a file that is renamed, with what is unsaved', async () => {
    const view = await edit(name, source(LINES));
    await replace(view, 'one', 'ONE');
    await edit('prompts/custom/clean.json', source(LINES));
    const move = new vscode.WorkspaceEdit();
    move.renameFile(at(name), at('prompts/custom/b.json'), { overwrite: true });
    move.renameFile(at('prompts/custom/clean.json'), at('prompts/custom/c.json'), { overwrite: true });
    assert.ok(await vscode.workspace.applyEdit(move));
    const wanted = ['b', 'c'].map((name) => viewOf(`prompts/custom/${name}.json`).toString());
    await eventually('views of the new names', () => JSON.stringify(tabs().sort()) === JSON.stringify(wanted));
    const open = () =>
      vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.toString() === wanted[0]);
    const moved = await eventually('the unsaved view', open);
    assert.equal(moved.getText(), SHOWN.replace('one', 'ONE'));
    assert.ok(await moved.save());
    assert.equal(await disk('prompts/custom/b.json'), source(LINES.replace('one', 'ONE')));
    await put('prompts/custom/c.json', source(LINES.replace('two', 'TWO')));
    const clean = await vscode.workspace.openTextDocument(viewOf('prompts/custom/c.json'));
    await shows(clean, SHOWN.replace('two', 'TWO'));
  });

  test('a file that is gone takes no text with it', async () => {
    const view = await edit(name, source(LINES));
    await replace(view, 'one', 'ONE');
    await rename(at(name).fsPath, at('elsewhere').fsPath);
    await assert.rejects(async () => vscode.workspace.fs.readFile(viewOf(name)), /was it renamed or deleted/);
    assert.equal(await view.save(), false);
    assert.equal(view.getText(), SHOWN.replace('one', 'ONE'));
    await rename(at('elsewhere').fsPath, at(name).fsPath);
    await eventually('a view that can be saved', async () => view.save());
    assert.equal(await disk(name), source(LINES.replace('one', 'ONE')));
    await rm(at(name).fsPath);
  });

  async function json(): Promise<vscode.TextDocument> {
    return vscode.workspace.openTextDocument(at(name));
  }
});
