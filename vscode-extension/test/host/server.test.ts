/** The server's side: it runs, it is exchanged, what it is told, and what is said when there is none. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Extension } from '../../src/extension';
import { library } from '../../src/protocol';
import type { ServerState } from '../../src/server/state';
import { answering } from './libraryWindow';
import { at, closeAll, eventually, open, put } from './support';

/** Answers "initialize" as a language server does, and then says nonsense. */
const BABBLER = `
import json, sys
read, write = sys.stdin.buffer, sys.stdout.buffer
def message():
    size = int(read.readline().split(b':')[1])
    read.readline()
    return json.loads(read.read(size))
result = {'capabilities': {}, 'serverInfo': {'name': 'babbler', 'version': '0.1.0'}}
answer = json.dumps({'jsonrpc': '2.0', 'id': message()['id'], 'result': result}).encode()
write.write(b'Content-Length: %d\\r\\n\\r\\n' % len(answer) + answer)
write.flush()
message()
write.write(b'nonsense\\r\\n\\r\\n')
write.flush()
read.read()
`;

type Running = ServerState & { kind: 'running' };

suite('server', () => {
  let promptbits: Extension;
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('promptbits');

  async function running(): Promise<Running> {
    return eventually('a server that runs', () => {
      const { state } = promptbits.connection;
      return state.kind === 'running' ? state : undefined;
    });
  }

  /** Sets something for the user, does something, and sets it back. */
  async function having(name: string, value: unknown, act: () => Promise<void>): Promise<void> {
    const before = settings().inspect(name)?.globalValue;
    await settings().update(name, value, vscode.ConfigurationTarget.Global);
    try {
      await act();
    } finally {
      await settings().update(name, before, vscode.ConfigurationTarget.Global);
    }
  }

  suiteSetup(async () => {
    const found = vscode.extensions.getExtension<Extension>('promptbits.promptbits');
    assert.ok(found);
    promptbits = await found.activate();
  });

  setup(running);
  teardown(closeAll);

  test('runs, in the version of the extension', async () => {
    const { version } = await running();
    const { packageJSON } = vscode.extensions.getExtension('promptbits.promptbits') as {
      packageJSON: { version: string };
    };
    assert.equal(version, packageJSON.version);
  });

  test('restarts are one at a time, and what waits gets its answer from the new one', async () => {
    const before = await running();
    let starts = 0;
    const counting = promptbits.connection.onDidStart(() => (starts += 1));
    const asked = [1, 2, 3, 4].map(() => vscode.commands.executeCommand('promptbits.restart'));
    const answer = await promptbits.connection.request0(library);
    assert.ok(answer.roots.length > 0);
    await Promise.all(asked);
    counting.dispose();
    assert.equal(starts, 2);
    assert.notEqual((await running()).process, before.process);
    assert.throws(() => process.kill(before.process ?? 0, 0), 'the old process is gone');
  });

  test('a server that dies is started again', async () => {
    const { process: old } = await running();
    process.kill(old ?? 0, 'SIGKILL');
    await eventually('another process', async () => (await running()).process !== old);
    assert.ok((await promptbits.connection.request0(library)).roots.length > 0);
  });

  test('a server that dies while it is being asked is started again, and who asked is told', async () => {
    const { process: old } = await running();
    const said = new Set<string>();
    const ask = (): void =>
      void promptbits.connection.request0(library).catch((error: unknown) => said.add((error as Error).message));
    process.kill(old ?? 0, 'SIGKILL');
    await eventually('another process', () => {
      const { state } = promptbits.connection;
      if (state.kind !== 'running' || state.process !== old) {
        return state.kind === 'running';
      }
      for (let n = 0; n < 20; n++) {
        ask();
      }
      return false;
    });
    assert.deepEqual([...said], ['The PromptBits server ended while it was asked.']);
    assert.ok((await promptbits.connection.request0(library)).roots.length > 0);
  });

  test('another environment is another server; what does not choose a server leaves it alone', async () => {
    const { process: first } = await running();
    await having('trace.server', 'messages', async () => {
      await having('server.wheelFolder', '/wheels', async () => {
        await promptbits.manager.reconsider();
        assert.equal((await running()).process, first);
      });
    });
    await having('server.environment', { PROMPTBITS_LOG: 'info' }, async () => {
      const { launch } = await eventually('the other server', async () => {
        const state = await running();
        return state.process === first ? undefined : state;
      });
      assert.deepEqual(launch.env, { PROMPTBITS_LOG: 'info' });
    });
    await eventually(
      'the first choice again',
      async () => (await running()).launch.env['PROMPTBITS_LOG'] === undefined,
    );
  });

  test('a command that is not there is told by name, and requests say why they fail', async () => {
    await having('server.command', ['/nowhere/promptbits'], async () => {
      const state = await eventually('a reason', () => {
        const { state } = promptbits.connection;
        return state.kind === 'stopped' ? state : undefined;
      });
      assert.match(state.reason, /there is no program \/nowhere\/promptbits/);
      await assert.rejects(promptbits.connection.request0(library), { message: state.reason });
      const offered: string[][] = [];
      const showErrorMessage = (...words: string[]): Promise<undefined> => Promise.resolve(void offered.push(words));
      const file = at('prompts/builtin/greet.json');
      await answering({ showErrorMessage }, async () => {
        await vscode.commands.executeCommand('promptbits.editContent', file);
        await vscode.commands.executeCommand('promptbits.duplicatePrompt', file);
      });
      const offer = [state.reason, 'Restart', 'Select Interpreter', 'Show Log'];
      assert.deepEqual(offered, [offer, offer]);
    });
    await running();
  });

  test('a Python without the server is told in its own words', async () => {
    const { launch } = await running();
    await having('server.command', [launch.command, '-c', 'raise SystemExit("no such module")'], async () => {
      const reason = await eventually('a reason', () => {
        const { state } = promptbits.connection;
        return state.kind === 'stopped' ? state.reason : undefined;
      });
      assert.match(reason, /no such module/);
    });
    await running();
  });

  test('a program that stops talking LSP is told, and is not taken for a running server', async () => {
    const { launch } = await running();
    await having('server.command', [launch.command, '-c', BABBLER], async () => {
      const reason = await eventually('a reason', () => {
        const { state } = promptbits.connection;
        return state.kind === 'stopped' ? state.reason : undefined;
      });
      assert.equal(reason, 'The PromptBits server says what no language server says.');
    });
    await running();
  });

  test('only what is set is sent: promptbits.toml holds where the editor says nothing', async () => {
    await put('prompts/custom/half.json', '{"id": "half",');
    const codes = (): unknown[] =>
      vscode.languages.getDiagnostics(at('prompts/custom/half.json')).map((each) => each.code);
    await open('prompts/custom/half.json');
    await eventually('a finding', () => codes().includes('json-syntax'));
    await put('promptbits.toml', 'json = "semantic"\n');
    await eventually('no finding', () => !codes().includes('json-syntax'));
    await having('json', 'full', async () => {
      await eventually('a finding', () => codes().includes('json-syntax'));
    });
    await put('promptbits.toml', '');
    await vscode.workspace.fs.delete(at('prompts/custom/half.json'));
  });

  test('information for reports has versions and settings, and no secrets', async () => {
    await having('server.environment', { MY_API_KEY: 'sk-1234' }, async () => {
      await eventually('the server with it', async () => 'MY_API_KEY' in (await running()).launch.env);
      await vscode.commands.executeCommand('promptbits.debugInformation');
      const { document } = vscode.window.activeTextEditor ?? assert.fail();
      const text = await eventually(
        'the setting',
        () => document.getText().includes('MY_API_KEY') && document.getText(),
      );
      const information = JSON.parse(text) as { server: Running; extension: string };
      assert.equal(information.server.version, information.extension);
      assert.doesNotMatch(text, /sk-1234/);
    });
    await eventually('the first choice again', async () => !('MY_API_KEY' in (await running()).launch.env));
  });
});
