/** Asking programs whether they are Python: real ones, and some that are not. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findInterpreters, isUsable, probing, readAnswer, usualCommands } from '../../src/server/python';

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'promptbits-unit-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function script(name: string, text: string): Promise<string> {
  const file = path.join(scratch, name);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

describe('what a command is', () => {
  test('a real Python, each once', async () => {
    const found = await findInterpreters(usualCommands(process.platform), probing(scratch));
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map((each) => each.prefix)).size).toBe(found.length);
    expect(found[0]?.version).toMatch(/^3\.\d+\.\d+$/);
  });

  test('nothing in the folder it starts in is imported', async () => {
    const [real] = await findInterpreters(usualCommands(process.platform), probing(scratch));
    const trap = path.join(scratch, 'trap');
    await mkdir(path.join(trap, 'promptbits'), { recursive: true });
    await writeFile(path.join(trap, 'json.py'), 'raise SystemExit("imported from the folder")\n');
    await writeFile(path.join(trap, 'promptbits', '__init__.py'), '');
    const found = await probing(trap)([real?.path ?? '']);
    expect(found).toEqual(real);
  });

  test.each([
    ['is not there', 'gone', undefined, /there is no program/],
    ['fails', 'fails', 'exit 3', /cannot be used as Python/],
    ['says something else', 'echo', 'echo hello', /does not answer/],
    ['answers with another table', 'table', 'echo \'{"path": 1}\'', /does not answer/],
    ['does not answer', 'slow', 'exec sleep 30', /not answered within 0\.3 s/],
  ])('a program that %s', async (_, name, text, problem) => {
    const file = text === undefined ? path.join(scratch, name) : await script(name, text);
    const found = await probing(scratch, 300)([file]);
    expect(isUsable(found)).toBe(false);
    expect(found).toEqual({ problem: expect.stringMatching(problem) as string });
  });

  test('a Python that is too old', () => {
    expect(readAnswer('{"path": "/usr/bin/python3", "prefix": "/usr", "version": "3.9.2", "server": null}')).toEqual({
      problem: 'is Python 3.9.2; PromptBits needs 3.11 or newer',
    });
  });
});
