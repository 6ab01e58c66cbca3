/** The first start of the packaged extension: no server yet, then one in a private environment, without a network. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Extension } from '../../../src/extension';
import { eventually, open } from '../support';

suite('first start', () => {
  let promptbits: Extension;

  let storage: string;
  let version: string;

  suiteSetup(async () => {
    const found = vscode.extensions.getExtension<Extension>('promptbits.promptbits');
    assert.ok(found);
    assert.match(found.extensionPath, /promptbits\.promptbits-[^/]+$/, 'it is the package that runs');
    ({ version } = found.packageJSON as { version: string });
    promptbits = await found.activate();
    ({ storage } = promptbits.manager);
  });

  test('there is no server, and the state says what to do', async () => {
    const state = await eventually('a decision', () => {
      const { state } = promptbits.connection;
      return state.kind === 'starting' ? undefined : state;
    });
    assert.ok(state.kind === 'stopped' && state.missing, JSON.stringify(state));
  });

  test('a wheel folder that has not all leaves nothing behind', async () => {
    const settings = vscode.workspace.getConfiguration('promptbits');
    const folder = settings.inspect<string>('server.wheelFolder')?.globalValue;
    await settings.update('server.wheelFolder', '/nowhere', vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('promptbits.installServer');
    await settings.update('server.wheelFolder', folder, vscode.ConfigurationTarget.Global);
    assert.equal(promptbits.connection.state.kind, 'stopped');
    assert.deepEqual(await environments(storage), []);
  });

  test('the server is installed from the folder of wheels, and answers', async () => {
    await vscode.commands.executeCommand('promptbits.installServer');
    const state = await eventually('a server that runs', () => {
      const { state } = promptbits.connection;
      return state.kind === 'running' ? state : undefined;
    });
    assert.match(state.launch.command, /server-[\d.]+\/bin\/python$/);
    assert.equal(state.version, version);
    assert.deepEqual(await environments(storage), [`server-${version}`]);
    const document = await open('prompts/custom/broken.json');
    await eventually('a finding', () =>
      vscode.languages.getDiagnostics(document.uri).find((each) => each.message.includes('nmae')),
    );
  }).timeout(120_000);
});

/** What lies in the extension's storage. */
async function environments(storage: string): Promise<string[]> {
  return (await readdir(storage)).filter((name) => name.startsWith('server-')).sort();
}
