/** What the server does in a view of the content, the way there and back, and the documents that the server writes. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, eventually, open, put } from './support';
import { edit, shown, source, tabs, unused, viewOf } from './views';

const VARIABLES = '"variables": {"name": {"type": "string", "description": "Who is greeted", "default": "Ada"}}';

/** A prompt with a variable. */
function greeting(content: string): string {
  return source(content).replace('"tags": [ ]', `"tags": [ ], ${VARIABLES}`);
}

suite('features in a view of the content', () => {
  let name: string;

  setup(() => {
    name = unused();
  });
  teardown(closeAll);

  test('findings stand where they are in the view', async () => {
    const view = await edit(name, greeting('# Hello\\n\\nGreet <<nmae>>, <<name>>.'));
    const found = await eventually('a finding', () =>
      vscode.languages.getDiagnostics(view.uri).find((each) => each.message.includes('nmae')),
    );
    assert.equal(view.getText(found.range), '<<nmae>>');
  });

  test('variables are completed and explained', async () => {
    const view = await edit(name, greeting('Greet <<name>> and <<'));
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      view.uri,
      view.positionAt(view.getText().length),
      '<',
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(
      labels.some((label) => label.includes('name')),
      labels.join(),
    );
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      view.uri,
      new vscode.Position(0, 9),
    );
    const texts = hovers.flatMap(({ contents }) =>
      contents.map((each) => (each instanceof vscode.MarkdownString ? each.value : '')),
    );
    assert.match(texts.join(), /Who is greeted/);
  });

  test('renaming a variable changes the view and the JSON file', async () => {
    const view = await edit(name, greeting('Greet <<name>>, <<name>>.'));
    const change = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      view.uri,
      new vscode.Position(0, 9),
      'person',
    );
    assert.ok(await vscode.workspace.applyEdit(change));
    assert.equal(view.getText(), 'Greet <<person>>, <<person>>.');
    const json = await vscode.workspace.openTextDocument(at(name));
    assert.ok(await view.save());
    assert.equal(
      json.getText(),
      greeting('Greet <<person>>, <<person>>.').replace('"name": {"type"', '"person": {"type"'),
    );
  });

  test('the lens opens the view', async () => {
    await put(name, greeting('Greet <<name>>.'));
    const json = await open(name);
    const lens = await eventually('the lens', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        json.uri,
        20,
      );
      return found.find(({ command }) => command?.command === 'promptbits.editContent');
    });
    assert.ok(lens.command);
    await vscode.commands.executeCommand(lens.command.command, ...((lens.command.arguments ?? []) as unknown[]));
    assert.equal(shown(name).getText(), 'Greet <<name>>.');
  });

  test('the cursor goes along, there and back', async () => {
    await put(name, greeting('# Caf\\u00e9\\n\\nGreet <<name>>.'));
    const json = await open(name);
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    const place = json.positionAt(json.getText().indexOf('<<name>>'));
    editor.selection = new vscode.Selection(place, place.translate(0, '<<name>>'.length));
    await vscode.commands.executeCommand('promptbits.editContent');
    shown(name);
    const inView = vscode.window.activeTextEditor;
    assert.ok(inView);
    assert.equal(inView.document.getText(inView.selection), '<<name>>');
    inView.selection = new vscode.Selection(0, 2, 0, 6);
    await vscode.commands.executeCommand('promptbits.openJson');
    const back = vscode.window.activeTextEditor;
    assert.equal(back?.document.uri.toString(), json.uri.toString());
    assert.equal(back.document.getText(back.selection), 'Caf\\u00e9');
    assert.deepEqual(tabs(), [json.uri.toString(), viewOf(name).toString()]);
  });

  for (const [what, argument] of [
    ['an address', (uri: vscode.Uri) => uri.toString()],
    ['a Uri', (uri: vscode.Uri) => uri],
    ['an item of the library', (uri: vscode.Uri) => ({ prompt: { uri: uri.toString() } })],
    ['the view itself', () => viewOf(name)],
  ] as const) {
    test(`the command takes ${what}`, async () => {
      await put(name, source('Hello'));
      await vscode.commands.executeCommand('promptbits.editContent', argument(at(name)));
      assert.equal(shown(name).getText(), 'Hello');
    });
  }

  test('what is no prompt opens no view', async () => {
    await open('data.json');
    await vscode.commands.executeCommand('promptbits.editContent');
    assert.deepEqual(tabs(), [at('data.json').toString()]);
  });

  for (const [command, scheme, shows] of [
    ['promptbits.showRendered', 'promptbits-rendered', /Greet Ada\./],
    ['promptbits.showStats', 'promptbits-stats', /./],
  ] as const) {
    test(`${command} opens what the server writes`, async () => {
      await put(name, greeting('Greet <<name>>.'));
      const json = await open(name);
      await vscode.commands.executeCommand(command, json.uri.toString());
      const document = await eventually('the document', () => {
        const active = vscode.window.activeTextEditor?.document;
        return active?.uri.scheme === scheme ? active : undefined;
      });
      assert.match(document.getText(), shows);
    });
  }

  test('promptbits.showDiff opens what the server writes', async () => {
    const prompts = ['prompts/custom/report.json', 'prompts/learned/report-brief.json'].map((each) => at(each));
    await open('prompts/custom/report.json');
    await vscode.commands.executeCommand('promptbits.showDiff', ...prompts.map(String));
    const document = await eventually('the document', () => {
      const active = vscode.window.activeTextEditor?.document;
      return active?.uri.scheme === 'promptbits-diff' ? active : undefined;
    });
    assert.match(document.getText(), /^\+.*200 words/m);
  });
});
