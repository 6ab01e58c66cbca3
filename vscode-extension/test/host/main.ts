/** Runs the suites inside VS Code's real extension host, one after another. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, packaged } from '../harness/built';
import { editor, EXTENSION } from '../harness/project';
import { skippable } from '../harness/skippable';
import { RUNS, type Run } from './runs';
import { runSuite, type Choice } from './window';

/** The exit code. */
export function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { grep: { type: 'string', short: 'g' }, log: { type: 'boolean', default: false } },
  });
  return skippable('suites in the extension host', async () => {
    editor('chromium');
    editor('vscode');
    build();
    const suites: [Run, string][] = [];
    for (const run of RUNS) {
      suites.push(...(await suitesOf(run, positionals)).map((name): [Run, string] => [run, name]));
    }
    if (suites.length === 0) {
      console.error(`no such suite: ${positionals.join(', ')}`);
      return false;
    }
    return runAll(suites, values);
  });
}

async function runAll(suites: [Run, string][], choice: Choice): Promise<boolean> {
  const vsix = suites.some(([{ fake }]) => fake !== undefined) ? [await packaged()] : [];
  const failed: string[] = [];
  for (const [run, name] of suites) {
    run.prepare?.();
    if (!(await runSuite(run, name, choice, run.fake === undefined ? [] : vsix))) {
      failed.push(name);
    }
  }
  if (failed.length > 0) {
    console.log(`failed: ${failed.join(', ')}`);
  }
  return failed.length === 0;
}

async function suitesOf(run: Run, only: string[]): Promise<string[]> {
  const names = await readdir(path.join(EXTENSION, run.suites)).catch(() => []);
  const suites = names.filter((name) => name.endsWith('.test.ts')).map((name) => name.slice(0, -'.test.ts'.length));
  return suites.filter((name) => only.length === 0 || only.includes(name)).sort();
}
