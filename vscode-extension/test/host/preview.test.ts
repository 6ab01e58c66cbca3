/** The preview: its command opens and reuses one panel, and the server answers what the page asks. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { PreviewController } from '../../src/preview/controller';
import type { ToPreview } from '../../src/webview/messages';
import { connected } from './libraryWindow';
import { Listening, Memory, panels } from './panels';
import { at, closeAll, eventually, open, put } from './support';

const VIEW = 'promptbits.preview';
const shown = () => panels(VIEW).map((tab) => tab.label);

/** A prompt with line ends of both kinds, blanks at the end, and what would be HTML. */
const AWKWARD = {
  id: 'awkward',
  trigger: { Custom: 'awkward' },
  category: 'Examples',
  content: 'One\r\ntwo \n<b>{{ who }}</b> \\<<no>> 😀\t<<count>>\n\n',
  variables: { who: { type: 'string' }, count: { type: 'integer', default: 2 } },
  confidence: 0.5,
  source: 'Custom',
};

suite('preview', () => {
  teardown(closeAll);

  test('the command opens a panel on a prompt, and the same one for another prompt', async () => {
    await vscode.commands.executeCommand('promptbits.preview', at('prompts/builtin/greet.json'));
    await eventually('the preview of greet', () => shown().join() === 'Preview greet');
    await vscode.commands.executeCommand('promptbits.preview', at('prompts/custom/report.json').toString());
    await eventually('the preview of report', () => shown().join() === 'Preview report');
  });

  test('without an argument it is of the active editor, beside it, and follows it', async () => {
    await open('prompts/builtin/greet.json');
    await vscode.commands.executeCommand('promptbits.preview');
    await eventually('the preview of greet', () => shown().join() === 'Preview greet');
    const [tab] = panels(VIEW);
    assert.notEqual(tab?.group.viewColumn, vscode.window.activeTextEditor?.viewColumn);
    await open('prompts/custom/report.json');
    await eventually('the preview of report', () => shown().join() === 'Preview report');
  });

  test('values fill in the prompt, problems are those of their variables, and all of it is kept', async () => {
    const memory = new Memory();
    const page = new Listening<ToPreview>();
    const preview = new PreviewController(await connected(), page, memory);
    const uri = at('prompts/builtin/greet.json').toString();
    preview.show(uri);
    await preview.settled();
    assert.deepEqual(
      page.last('preview').preview.variables.map((each) => each.name),
      ['name', 'tone', 'times'],
    );
    assert.match(page.last('preview').preview.text, /Greet <<name>> in a warm tone, 2 times/);
    assert.equal(page.last('preview').preview.complete, false);

    const values = { name: '<script>alert(1)</script>', times: 'often' };
    await preview.receive({ type: 'values', uri, values });
    await preview.settled();
    const answer = page.last('preview').preview;
    assert.match(answer.text, /Greet <script>alert\(1\)<\/script> in a warm tone/);
    assert.deepEqual(
      answer.problems.map((each) => each.variable),
      ['times'],
    );

    const later = new Listening<ToPreview>();
    const reopened = new PreviewController(await connected(), later, memory);
    reopened.show(uri);
    await reopened.settled();
    assert.deepEqual(later.last('prompt').values, values);

    await reopened.receive({ type: 'reset' });
    await reopened.settled();
    assert.deepEqual(later.last('prompt').values, {});
    assert.match(later.last('preview').preview.text, /Greet <<name>>/);
    assert.deepEqual(memory.keys(), []);
  });

  test('an unsaved edit is previewed', async () => {
    const page = new Listening<ToPreview>();
    const preview = new PreviewController(await connected(), page, new Memory());
    const document = await open('prompts/custom/report.json');
    preview.show(document.uri.toString());
    await preview.settled();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(document.getText().indexOf('# Report')), 'Be kind. ');
    assert.ok(await vscode.workspace.applyEdit(edit));
    preview.changed();
    await preview.settled();
    assert.match(page.last('preview').preview.text, /^Be kind\. # Report/);
  });

  test('Copy puts exactly the text of the server on the clipboard, with the values of the last key', async () => {
    const page = new Listening<ToPreview>();
    const preview = new PreviewController(await connected(), page, new Memory());
    const uri = (await put('prompts/custom/awkward.json', JSON.stringify(AWKWARD))).toString();
    preview.show(uri);
    void preview.receive({ type: 'values', uri, values: { who: 'A' } });
    void preview.receive({ type: 'values', uri, values: { who: 'Ada\n& "co"' } });
    await eventually('the copy', async () => {
      await preview.receive({ type: 'copy' });
      return page.heard.some((message) => message.type === 'copied');
    });
    const text = 'One\r\ntwo \n<b>Ada\n& "co"</b> <<no>> 😀\t2\n\n';
    assert.equal(page.last('preview').preview.text, text);
    assert.equal(await vscode.env.clipboard.readText(), text);
    assert.equal(page.last('copied').characters, Array.from(text).length);
  });

  test('a prompt that is gone is said in words', async () => {
    const page = new Listening<ToPreview>();
    const preview = new PreviewController(await connected(), page, new Memory());
    preview.show(at('prompts/custom/nowhere.json').toString());
    await preview.settled();
    assert.ok(page.last('failed').message.length > 10);
    assert.doesNotMatch(page.last('failed').message, /Traceback|Error:|undefined/);
  });
});
