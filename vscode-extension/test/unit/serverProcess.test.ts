import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { serverEnvironment, ServerProcess } from '../../src/server/serverProcess';

function nodeProcess(code: string, onLine: (line: string) => void = () => undefined): ServerProcess {
  return new ServerProcess({ command: process.execPath, args: ['-e', code], env: { ADDED: 'yes' } }, tmpdir(), onLine);
}

describe('the process of the server', () => {
  test('its last words are kept, with what the settings add to the environment', async () => {
    const server = nodeProcess('console.error(process.env.ADDED); console.error("No module named promptbits\\n\\n")');
    const child = await server.start();
    await new Promise((resolve) => child.once('close', resolve));
    expect(server.lastWords).toBe('No module named promptbits');
    await server.end(); // nothing to end any more
  });

  test('it is gone once it was ended', async () => {
    const server = nodeProcess('setInterval(() => undefined, 1000)');
    const child = await server.start();
    await server.end();
    expect(child.signalCode).toBe('SIGTERM');
  });

  test('also one that does not want to', async () => {
    let ready: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (ready = resolve));
    const server = nodeProcess(
      'process.on("SIGTERM", () => 0); setInterval(() => 0, 1000); console.error("ready")',
      () => ready(),
    );
    const child = await server.start();
    await started;
    await server.end();
    expect(child.signalCode).toBe('SIGKILL');
  });

  test('a program that is not there is told by name', async () => {
    const server = new ServerProcess({ command: '/nowhere/promptbits', args: [], env: {} }, tmpdir(), () => undefined);
    await expect(server.start()).rejects.toThrow('there is no program /nowhere/promptbits');
  });

  test('settings cannot turn off the safe path', () => {
    expect(serverEnvironment({ A: '1' }, { A: '2', PYTHONSAFEPATH: '' })).toMatchObject({
      A: '2',
      PYTHONSAFEPATH: '1',
    });
  });
});
