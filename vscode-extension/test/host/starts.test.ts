/** The extension starts its server, and VS Code asks it. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, open } from './support';

suite('starts', () => {
  test('a prompt has our language, our findings and no others', async () => {
    const document = await open('prompts/custom/broken.json');
    assert.equal(document.languageId, 'promptbit');
    const found = await eventually('two findings', () => {
      const all = vscode.languages.getDiagnostics(document.uri);
      return all.length === 2 && all;
    });
    const codes = found.map(({ code, severity }) => [typeof code === 'object' ? code.value : code, severity]);
    assert.deepEqual(codes, [
      ['undeclared-variable', vscode.DiagnosticSeverity.Warning],
      ['out-of-range', vscode.DiagnosticSeverity.Error],
    ]);
  });

  test('another JSON file is left alone', async () => {
    const document = await open('data.json');
    assert.equal(document.languageId, 'json');
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });
});
