/** The server asks a language model of the editor: the real protocol, the real editor, a provider that does as it is told. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { RequestType, RequestType0 } from 'vscode-languageclient';
import type { Extension } from '../../../src/extension';
import type { LlmRefusal, LlmRequestParams, LlmResult } from '../../../src/protocol';
import { eventually } from '../support';
import type { Fake } from './fake/extension';

/** What the server got for its request; see `proxy.mjs`. */
interface Outcome {
  result?: LlmResult;
  error?: { code: number; message: string; data?: { reason: LlmRefusal } };
  pieces: string[];
}
const llm = new RequestType<{ request: LlmRequestParams; cancel: boolean }, Outcome, void>('test/llm');
const available = new RequestType0<boolean[], void>('test/available');

suite('language models', () => {
  let extension: Extension;
  let fake: Fake;

  suiteSetup(async () => {
    const ours = vscode.extensions.getExtension<Extension>('promptbits.promptbits');
    const theirs = vscode.extensions.getExtension<Fake>('fake.fakelm');
    assert.ok(ours && theirs);
    fake = await theirs.activate();
    extension = await ours.activate();
    await eventually('models', async () => (await vscode.lm.selectChatModels({ vendor: 'fakelm' })).length === 2);
  });

  function ask(text: string, more: Partial<LlmRequestParams> = {}, cancel = false): Promise<Outcome> {
    const messages: LlmRequestParams['messages'] = [
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'second' },
      { role: 'user', content: text },
    ];
    const request = { messages, purpose: 'A better prompt', model: { family: 'parrot' }, ...more };
    return extension.connection.request(llm, { request, cancel });
  }

  /** Chooses an entry of the command's list, counted from one, until what was chosen has this effect. */
  async function decide(entry: number, effect: () => Promise<boolean>): Promise<void> {
    await eventually('the effect of the choice', async () => {
      const decided = vscode.commands.executeCommand('promptbits.grantModelAccess');
      await vscode.lm.selectChatModels(); // as the command does before it shows its list
      for (let step = 0; step < entry; step++) {
        await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
      }
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      await decided;
      return effect();
    });
  }

  async function isTold(): Promise<boolean | undefined> {
    return (await extension.connection.request0(available)).at(-1);
  }

  test('the server is told that there are models', async () => {
    await eventually('the notification', isTold);
  });

  test('nothing is sent before the author was asked', async () => {
    const { error } = await ask('echo x');
    // In tests VS Code shows no dialog, and says which one it was.
    assert.match(error?.message ?? '', /May PromptBits send your prompt to parrot\?/);
    assert.deepEqual(fake.asked, []);
  });

  test('never is never, and the server is told', async () => {
    await decide(4, async () => /not used in this workspace/.test((await ask('echo x')).error?.message ?? ''));
    assert.equal((await ask('echo x')).error?.data?.reason, 'refused');
    await eventually('the notification', async () => (await isTold()) === false);
    assert.deepEqual(fake.asked, []);
  });

  test('always is for one model', async () => {
    await decide(2, async () => (await ask('echo x')).error === undefined);
    await eventually('the notification', isTold);
    const { error } = await ask('echo x', { model: { family: 'owl' } });
    assert.match(error?.message ?? '', /May PromptBits send your prompt to owl\?/);
  });

  test('an answer comes in pieces and as a whole, with its model and its tokens', async () => {
    const { result, error, pieces } = await ask('echo one two three');
    assert.equal(error, undefined);
    assert.equal(result?.text, 'one two three ');
    assert.ok(pieces.length > 1, JSON.stringify(pieces));
    assert.equal(pieces.join(''), result.text);
    const { name, ...model } = result.model;
    assert.deepEqual(model, { id: model.id, vendor: 'fakelm', family: 'parrot', version: '1' });
    assert.match(name, /parrot/);
    assert.equal(result.inputTokens, 1 + 1 + 4);
    assert.equal(result.outputTokens, 4); // the last word ends with a space
    assert.match(fake.asked.at(-1) ?? '', /first.*second.*echo one two three/);
  });

  for (const [code, reason] of [
    ['NotFound', 'noModel'],
    ['NoPermissions', 'refused'],
    ['Blocked', 'blocked'],
    ['quotaExceeded', 'quota'],
    ['Odd', 'failed'],
  ] as const) {
    test(`a provider that fails with ${code} is ${reason}`, async () => {
      const { result, error } = await ask(`fail ${code}`);
      assert.equal(result, undefined);
      assert.equal(error?.code, -32803);
      assert.equal(error.data?.reason, reason, JSON.stringify(error));
      assert.doesNotMatch(error.message, /\n\s+at /);
    });
  }

  test('a model that nobody has is no model', async () => {
    const { error } = await ask('echo x', { model: { vendor: 'fakelm', family: 'dodo' } });
    assert.equal(error?.data?.reason, 'noModel');
    assert.match(error.message, /family dodo/);
  });

  test('the setting chooses where the request does not', async () => {
    const settings = vscode.workspace.getConfiguration('promptbits');
    await settings.update('models.family', 'fakelm/owl', vscode.ConfigurationTarget.Workspace);
    try {
      const { messages, purpose } = { messages: [{ role: 'user', content: 'echo x' }] as const, purpose: 'x' };
      const request = { messages: [...messages], purpose };
      const { error } = await extension.connection.request(llm, { request, cancel: false });
      assert.match(error?.message ?? '', /May PromptBits send your prompt to owl\?/);
    } finally {
      await settings.update('models.family', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('a request that the server cancels is cancelled, also where the provider goes on', async () => {
    const { result, error, pieces } = await ask('wait', {}, true);
    assert.equal(result, undefined);
    assert.equal(error?.code, -32800);
    assert.deepEqual(pieces, ['waiting']);
    assert.equal((await ask('echo again')).result?.text, 'again ');
  });
});
