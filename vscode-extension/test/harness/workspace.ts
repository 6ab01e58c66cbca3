/** The workspace of a run: a new folder with prompts, facts and what a suite adds. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { facts } from './facts';
import { python, run } from './project';
import { PROMPTS } from './prompts';

export interface Workspace {
  /** What the window opens: the folder, or a workspace file with several. */
  place: string;
  /** The folder with the prompts. */
  folder: string;
  remove(): Promise<void>;
}

/** A folder with the prompts of `prompts.ts` and what was measured of them. */
export async function oneFolder(): Promise<Workspace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'promptbits-work-'));
  await fill(folder);
  return { place: folder, folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Two folders, each a root of its own: `one` has prompts and facts, `two` has one more prompt named greet. */
export async function twoFolders(): Promise<Workspace> {
  const top = await mkdtemp(path.join(tmpdir(), 'promptbits-work-'));
  const [one, two] = [path.join(top, 'one'), path.join(top, 'two')];
  await fill(one);
  await write(two, { 'promptbits.toml': '', 'prompts/custom/greet.json': PROMPTS['prompts/builtin/greet.json'] ?? '' });
  const place = path.join(top, 'both.code-workspace');
  await writeFile(place, JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }));
  return { place, folder: one, remove: () => rm(top, { recursive: true, force: true, maxRetries: 5 }) };
}

async function fill(folder: string): Promise<void> {
  await write(folder, { 'promptbits.toml': '', ...PROMPTS });
  const file = path.join(folder, 'facts.jsonl');
  await writeFile(file, facts(new Date()));
  run(python(), ['-m', 'promptbits', 'import', file], folder);
  await rm(file);
}

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
