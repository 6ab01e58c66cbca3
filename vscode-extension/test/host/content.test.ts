/** The content of a prompt as Markdown: what is saved, compared with the bytes on disk. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, disk, eventually, open, put } from './support';
import { edit, refusal, replace, shows, source, tabs, unused, viewOf } from './views';

suite('content', () => {
  let name: string;

  setup(() => {
    name = unused();
  });
  teardown(closeAll);

  test('is a Markdown document; saving it changes the characters that were touched, and no other', async () => {
    const text = source('# Caf\\u00e9\\n\\nFirst \\u00e9 and \u00e9 \\/ line.\\nSecond line.\\n\\ud83d\\ude00 end');
    const view = await edit(name, text);
    assert.equal(view.languageId, 'markdown');
    assert.equal(view.getText(), '# Caf\u00e9\n\nFirst \u00e9 and \u00e9 / line.\nSecond line.\n\ud83d\ude00 end');
    await replace(view, 'Second line', 'Second "row"');
    assert.ok(await view.save());
    assert.equal(await disk(name), text.replace('Second line', 'Second \\"row\\"'));
    assert.ok(!view.isDirty);
    assert.deepEqual(tabs(), [viewOf(name).toString()]);
  });

  test('keeps the line ends of lines that nobody touched, which the editor cannot hold', async () => {
    const text = source('one\\r\\ntwo\\nthree\\rfour\\u000a\\r\\nsix');
    const view = await edit(name, text);
    await replace(view, 'four', 'FOUR');
    assert.ok(await view.save());
    assert.equal(await disk(name), text.replace('four', 'FOUR'));
  });

  test('keeps lines that end in CRLF, and gives new ones that end', async () => {
    const text = source('one\\r\\ntwo\\r\\n');
    const view = await edit(name, text);
    assert.equal(view.eol, vscode.EndOfLine.CRLF);
    await replace(view, 'two', 'two\r\nthree');
    assert.ok(await view.save());
    assert.equal(await disk(name), text.replace('two\\r\\n', 'two\\r\\nthree\\r\\n'));
  });

  test('keeps the line ends of the file', async () => {
    const text = source('one\\ntwo').replaceAll('\n', '\r\n');
    const view = await edit(name, text);
    await replace(view, 'two', 'TWO\nthree');
    assert.ok(await view.save());
    assert.equal(await disk(name), text.replace('two', 'TWO\\nthree'));
  });

  for (const [what, content, shown] of [
    ['empty', '', ''],
    ['that begins with a byte-order mark', '\\ufeffmarked', 'marked'],
    ['without a last line end', 'a\\n\\n\\nb', 'a\n\n\nb'],
  ] as const) {
    test(`of a prompt ${what} comes back as it was`, async () => {
      const text = source(content);
      const view = await edit(name, text);
      assert.equal(view.getText(), shown);
      await replace(view, shown, `${shown}X`);
      assert.ok(await view.save());
      assert.equal(await disk(name), text.replace(`"${content}"`, `"${content}X"`));
      await vscode.commands.executeCommand('undo');
      assert.ok(await view.save());
      assert.equal(await disk(name), text);
    });
  }

  test('is read as UTF-8 where the user has set another encoding', async () => {
    const files = vscode.workspace.getConfiguration('files');
    await files.update('encoding', 'windows1252', vscode.ConfigurationTarget.Workspace);
    try {
      const text = source('Caf\u00e9 \u20ac\\nline');
      const view = await edit(name, text);
      assert.equal(view.getText(), 'Caf\u00e9 \u20ac\nline');
      await replace(view, 'line', '\u00e9');
      assert.ok(await view.save());
      assert.equal(await disk(name), text.replace('line', '\u00e9'));
    } finally {
      await files.update('encoding', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  for (const [what, content, reason] of [
    ['NUL', 'a\\u0000b', /NUL/],
    ['half of a surrogate pair', 'a\\ud83db', /surrogate/],
  ] as const) {
    test(`with ${what} is refused with the reason`, async () => {
      await put(name, source(content));
      await vscode.commands.executeCommand('promptbits.editContent', at(name));
      assert.deepEqual(tabs(), []);
      await assert.rejects(async () => vscode.workspace.fs.readFile(viewOf(name)), reason);
    });
  }

  test('with a NUL that was typed is not saved', async () => {
    const text = source('one');
    const view = await edit(name, text);
    await replace(view, 'one', 'o\0ne');
    assert.equal(await view.save(), false);
    assert.match(await refusal(view), /NUL.*nothing was saved/);
    assert.equal(await disk(name), text);
  });

  test('saving it saves what else is unsaved in the JSON file', async () => {
    const text = source('one\\ntwo\\n');
    await put(name, text);
    const json = await open(name);
    await replace(json, 'BestPractices', 'Testing');
    await vscode.commands.executeCommand('promptbits.editContent');
    const view = vscode.window.activeTextEditor?.document;
    assert.ok(view);
    await replace(view, 'two', 'TWO');
    assert.ok(await view.save());
    assert.ok(!json.isDirty);
    assert.equal(await disk(name), text.replace('two', 'TWO').replace('BestPractices', 'Testing'));
    await vscode.window.showTextDocument(json);
    await vscode.commands.executeCommand('undo');
    assert.equal(json.getText(), text.replace('BestPractices', 'Testing'));
    await shows(view, 'one\ntwo\n');
  });

  test('undo goes on after saving', async () => {
    const text = source('one\\ntwo\\n');
    const view = await edit(name, text);
    await replace(view, 'two', '2');
    assert.ok(await view.save());
    await vscode.commands.executeCommand('undo');
    assert.equal(view.getText(), 'one\ntwo\n');
    assert.ok(view.isDirty);
    assert.ok(await view.save());
    assert.equal(await disk(name), text);
  });

  test('of a prompt that comes with the server cannot be edited', async () => {
    const library = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      'code-review',
    );
    const shipped = library.map(({ location }) => location.uri).find((uri) => !uri.path.startsWith(at('').path));
    assert.ok(shipped, JSON.stringify(library.map(({ location }) => location.uri.path)));
    await vscode.commands.executeCommand('promptbits.editContent', shipped);
    const view = vscode.window.activeTextEditor?.document;
    assert.ok(view);
    assert.ok(view.uri.path.endsWith('.json.md'));
    const stat = await vscode.workspace.fs.stat(view.uri);
    assert.equal(stat.permissions, vscode.FilePermission.Readonly);
    await vscode.commands.executeCommand('type', { text: 'mine' });
    assert.ok(!view.isDirty);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(view.uri, Buffer.from('mine')));
  });

  test('is written nowhere but through its JSON file', async () => {
    await edit(name, source('one'));
    const other = viewOf('prompts/custom/other.json');
    await assert.rejects(async () => vscode.workspace.fs.rename(viewOf(name), other), /rename the JSON file/);
    await assert.rejects(async () => vscode.workspace.fs.delete(viewOf(name)), /delete the JSON file/);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(other, Buffer.from('x')));
    await eventually('the file as it was', async () => (await disk(name)) === source('one'));
  });
});
