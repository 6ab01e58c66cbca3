import { describe, expect, test } from 'vitest';
import { choose, expand, isSameLaunch, resolveProgram, type Choice } from '../../src/server/choosing';
import type { Interpreter, Probe } from '../../src/server/python';

const HERE = { home: '/home/me', folder: '/home/me/project', trusted: true };
const NOTHING = { command: [], interpreter: '', environment: {} };
const OWN: Interpreter = {
  path: '/storage/server-1/bin/python',
  prefix: '/storage/server-1',
  version: '3.11.2',
  server: '1.0.0',
};

/** What there is on the machine. */
const probe: Probe = ([program]) =>
  Promise.resolve(
    {
      '/usr/bin/python3': { path: '/usr/bin/python3', prefix: '/usr', version: '3.12.1', server: undefined },
      '/venv/bin/python': { path: '/venv/bin/python', prefix: '/venv', version: '3.12.1', server: '1.0.0' },
      '/usr/bin/python2': { problem: 'is Python 2.7.18; PromptBits needs 3.11 or newer' },
    }[program] ?? { problem: `cannot be used: there is no program ${program}` },
  );

const none = () => Promise.resolve(undefined);

function program(choice: Choice): string {
  return choice.kind === 'launch' ? [choice.launch.command, ...choice.launch.args].join(' ') : JSON.stringify(choice);
}

describe('which server is started', () => {
  test('the command stands over everything', async () => {
    const settings = { ...NOTHING, command: ['/opt/python', '-m', 'promptbits'], interpreter: '/venv/bin/python' };
    const choice = await choose(settings, HERE, probe, () => Promise.resolve(OWN));
    expect(program(choice)).toBe('/opt/python -m promptbits lsp --stdio');
  });

  test('a command that says all is left as it is', async () => {
    const settings = { ...NOTHING, command: ['promptbits', 'lsp', '--stdio'] };
    expect(program(await choose(settings, HERE, probe, none))).toBe('promptbits lsp --stdio');
  });

  test('an interpreter with the server', async () => {
    const settings = { ...NOTHING, interpreter: '/venv/bin/python', environment: { PROMPTBITS_LOG: 'debug' } };
    const choice = await choose(settings, HERE, probe, () => Promise.resolve(OWN));
    expect(program(choice)).toBe('/venv/bin/python -m promptbits lsp --stdio');
    expect(choice).toMatchObject({ from: 'interpreter', launch: { env: { PROMPTBITS_LOG: 'debug' } } });
  });

  test('an interpreter without the server is what the private environment is made with', async () => {
    const settings = { ...NOTHING, interpreter: '/usr/bin/python3' };
    expect(await choose(settings, HERE, probe, none)).toMatchObject({
      kind: 'install',
      base: { path: '/usr/bin/python3' },
    });
    expect(await choose(settings, HERE, probe, () => Promise.resolve(OWN))).toMatchObject({ from: 'private' });
  });

  test('an interpreter that is too old or not there is told, not replaced by another', async () => {
    for (const interpreter of ['/usr/bin/python2', '/gone/python']) {
      const choice = await choose({ ...NOTHING, interpreter }, HERE, probe, () => Promise.resolve(OWN));
      expect(choice.kind).toBe('problem');
      expect(program(choice)).toContain('promptbits.server.interpreter');
      expect(program(choice)).toContain(interpreter);
    }
  });

  test('the private environment, then an offer to install', async () => {
    expect(program(await choose(NOTHING, HERE, probe, () => Promise.resolve(OWN)))).toBe(
      '/storage/server-1/bin/python -m promptbits lsp --stdio',
    );
    expect(await choose(NOTHING, HERE, probe, none)).toEqual({ kind: 'install', base: undefined });
  });
});

describe('what settings may say', () => {
  test.each([
    ['~/bin/python', '/home/me/bin/python'],
    ['${workspaceFolder}/.venv/bin/python', '/home/me/project/.venv/bin/python'],
    ['${userHome}/x', '/home/me/x'],
    ['a~b', 'a~b'],
  ])('%s means %s', (text, expected) => {
    expect(expand(text, HERE)).toBe(expected);
  });

  test('variables of the environment', () => {
    process.env['PROMPTBITS_TEST_PLACE'] = '/opt/here';
    expect(expand('${env:PROMPTBITS_TEST_PLACE}/python', HERE)).toBe('/opt/here/python');
    delete process.env['PROMPTBITS_TEST_PLACE'];
  });

  test('a name is looked for on PATH, a relative path in the folder', () => {
    expect(resolveProgram('python3', HERE)).toEqual({ path: 'python3' });
    expect(resolveProgram('./.venv/bin/python', HERE)).toEqual({ path: '/home/me/project/.venv/bin/python' });
    expect(resolveProgram('.venv/bin/python', { ...HERE, folder: undefined })).toHaveProperty('problem');
    expect(resolveProgram('${workspaceFolder}/x', { ...HERE, folder: undefined })).toHaveProperty('problem');
    expect(resolveProgram('', HERE)).toHaveProperty('problem');
  });

  test('nothing inside a folder that is not trusted is run', () => {
    const untrusted = { ...HERE, trusted: false };
    for (const name of ['.venv/bin/python', '/home/me/project/python', '/home/me/other/../project/x']) {
      expect(resolveProgram(name, untrusted)).toEqual({ problem: expect.stringContaining('do not trust') as string });
    }
    expect(resolveProgram('/usr/bin/python3', untrusted)).toEqual({ path: '/usr/bin/python3' });
    expect(resolveProgram('/home/me/project-two/python', untrusted)).toEqual({ path: '/home/me/project-two/python' });
  });

  test('the same server is told from another one', () => {
    const launch = { command: 'a', args: ['b'], env: {} };
    expect(isSameLaunch(launch, { ...launch })).toBe(true);
    expect(isSameLaunch(launch, { ...launch, env: { A: '1' } })).toBe(false);
    expect(isSameLaunch(launch, undefined)).toBe(false);
  });
});
