/** New, duplicate, feedback and reveal: what is asked, what is written, what is said. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { LibrarySource } from '../../src/library/source';
import type { LibraryTree } from '../../src/library/tree';
import { answering, listening, openLibrary, rowNamed } from './libraryWindow';
import { at, closeAll, disk, eventually, open } from './support';

suite('library commands', () => {
  let source: LibrarySource;
  let tree: LibraryTree;

  setup(async () => {
    ({ source, tree } = await openLibrary());
  });
  teardown(async () => {
    tree.dispose();
    source.dispose();
    await closeAll();
  });

  test('a new prompt: its id is checked while one types, its file is saved and open at the content', async () => {
    const said: unknown[] = [];
    const showInputBox = async (options: vscode.InputBoxOptions): Promise<string> => {
      for (const id of ['', 'Bad Id', 'report', 'fresh']) said.push(await options.validateInput?.(id));
      return 'fresh';
    };
    await answering({ showInputBox }, () => vscode.commands.executeCommand('promptbits.newPrompt'));
    const refused = { severity: vscode.InputBoxValidationSeverity.Error };
    assert.deepEqual(
      said.map((each) => (each ? { severity: (each as vscode.InputBoxValidationMessage).severity } : each)),
      [refused, refused, refused, null],
    );
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.fileName, at('prompts/custom/fresh.json').fsPath);
    assert.equal(editor.document.isDirty, false);
    const { content } = JSON.parse(await disk('prompts/custom/fresh.json')) as { content: string };
    const after = editor.document.getText(new vscode.Range(editor.selection.active, new vscode.Position(1e6, 0)));
    assert.ok(after.startsWith(JSON.stringify(content).slice(1, 20)), after.slice(0, 40));
    await eventually('its row', () => rowNamed(source, 'fresh'));
  });

  test('nothing is created where somebody leaves the box', async () => {
    const { told, answers } = listening();
    const showInputBox = (): Promise<undefined> => Promise.resolve(undefined);
    await answering({ ...answers, showInputBox }, () => vscode.commands.executeCommand('promptbits.newPrompt'));
    assert.deepEqual(told, []);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  test('what the server refuses is said', async () => {
    const { told, answers } = listening();
    const showInputBox = (): Promise<string> => Promise.resolve('report');
    await answering({ ...answers, showInputBox }, () => vscode.commands.executeCommand('promptbits.newPrompt'));
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /report/);
  });

  test('a prompt is duplicated under the id that is suggested, from a row and from its editor', async () => {
    const row = await rowNamed(source, 'report');
    await duplicate(row, 'report-copy');
    await duplicate(undefined, 'report-copy-copy');
    const texts = await Promise.all(['report', 'report-copy', 'report-copy-copy'].map((id) => contentOf(id)));
    assert.equal(new Set(texts).size, 1);
  });

  async function duplicate(argument: unknown, suggested: string): Promise<void> {
    let value: string | undefined;
    const showInputBox = (options: vscode.InputBoxOptions): Promise<string | undefined> =>
      Promise.resolve((value = options.value));
    const { told, answers } = listening();
    await answering({ ...answers, showInputBox }, () =>
      vscode.commands.executeCommand('promptbits.duplicatePrompt', argument),
    );
    assert.deepEqual([told, value], [[], suggested]);
    assert.equal(vscode.window.activeTextEditor?.document.fileName, at(`prompts/custom/${suggested}.json`).fsPath);
    await eventually('its row', () => rowNamed(source, suggested));
  }

  async function contentOf(id: string): Promise<unknown> {
    return (JSON.parse(await disk(`prompts/custom/${id}.json`)) as { content: unknown }).content;
  }

  test('a prompt that comes with the server becomes one of the workspace', async () => {
    const shipped = (await source.roots())[0]?.prompts.find((prompt) => prompt.shipped);
    assert.ok(shipped);
    await duplicate(await rowNamed(source, shipped.id), `${shipped.id}-copy`);
  });

  test('feedback: an outcome with its conversation counts', async () => {
    const before = (await rowNamed(source, 'greet'))?.prompt.measured?.conversations ?? 0;
    const told = await feedback(at('prompts/builtin/greet.json'), 'failed', 'talk-1');
    assert.match(told, /^recorded for "greet" as it stands: failed$/);
    await eventually('the count', async () => {
      return (await rowNamed(source, 'greet'))?.prompt.measured?.conversations === before + 1;
    });
  });

  test('feedback: a rating, and an outcome without a conversation, from the active editor', async () => {
    await open('prompts/builtin/greet.json');
    assert.match(await feedback(undefined, '4'), /rating 4$/);
    assert.match(await feedback(undefined, 'succeeded', ''), /names no conversation/);
  });

  async function feedback(argument: unknown, label: string, conversation?: string): Promise<string> {
    const { told, answers } = listening();
    const choose = {
      showQuickPick: (items: vscode.QuickPickItem[]) => Promise.resolve(items.find((each) => each.label === label)),
      showInputBox: () => Promise.resolve(conversation),
    };
    await answering({ ...answers, ...choose }, () =>
      vscode.commands
        .executeCommand('promptbits.feedback', argument)
        .then(() => eventually('an answer', () => told[0])),
    );
    return told[0] ?? '';
  }

  test('commands that need a prompt say so', async () => {
    const { told, answers } = listening();
    await answering(answers, async () => {
      await vscode.commands.executeCommand('promptbits.feedback');
      await vscode.commands.executeCommand('promptbits.revealPrompt', vscode.Uri.file('/elsewhere/a.json'));
      await open('data.json');
      await vscode.commands.executeCommand('promptbits.duplicatePrompt');
    });
    assert.equal(told.length, 3);
    assert.match(told[0] ?? '', /No prompt is open/);
    assert.match(told[1] ?? '', /elsewhere.*outside of the folders/);
    assert.match(told[2] ?? '', /data\.json is not in the prompt library/);
  });
});
