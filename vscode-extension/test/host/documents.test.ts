/** Prompts that no pattern knows get our language from the server's answer. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { at, closeAll, eventually, open, put } from './support';

const PROMPT = '{\n  "id": "elsewhere"\n}\n';

/** The language of a document that is open. */
function language(name: string): string | undefined {
  const uri = at(name).toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri)?.languageId;
}

suite('documents', () => {
  teardown(async () => {
    await closeAll();
  });

  test('a file is a prompt by its $schema, once that is saved, and JSON has nothing to say of it', async () => {
    await put('elsewhere/schema.json', PROMPT);
    const document = await open('elsewhere/schema.json');
    assert.equal(document.languageId, 'json');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 2), '"$schema": "https://a.test/promptbit.schema.json",\n  ');
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await eventually('our language', () => language('elsewhere/schema.json') === 'promptbit');
    const found = await eventually('findings', () => {
      const all = vscode.languages.getDiagnostics(document.uri);
      return all.length > 0 && all;
    });
    assert.deepEqual([...new Set(found.map((each) => each.source))], ['promptbits']);
  });

  test('who wants it to be JSON keeps it so', async () => {
    await put('elsewhere/mine.json', PROMPT.replace('{', '{\n  "$schema": "promptbit.schema.json",'));
    const document = await open('elsewhere/mine.json');
    await eventually('our language', () => language('elsewhere/mine.json') === 'promptbit');
    await vscode.languages.setTextDocumentLanguage(document, 'json');
    // By the time that the next one has been decided, this one has been too.
    await put('elsewhere/next.json', PROMPT.replace('{', '{\n  "$schema": "promptbit.schema.json",'));
    await open('elsewhere/next.json');
    await eventually('our language', () => language('elsewhere/next.json') === 'promptbit');
    assert.equal(language('elsewhere/mine.json'), 'json');
  });

  test('roots in promptbits.toml count as soon as they are written', async () => {
    await put('more/found.json', PROMPT.replace('elsewhere', 'found'));
    const document = await open('more/found.json');
    assert.equal(document.languageId, 'json');
    try {
      await put('promptbits.toml', 'roots = ["prompts", "more"]\n');
      await eventually('our language', () => language('more/found.json') === 'promptbit');
    } finally {
      await put('promptbits.toml', '');
    }
  });
});
