/** Bundles a suite, and the other extension beside it, for the extension host. */
import * as esbuild from 'esbuild';
import { cp, mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { BUNDLES, EXTENSION } from '../harness/project';
import type { Run } from './runs';

const OPTIONS: esbuild.BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  sourcemap: true,
  logLevel: 'warning',
  external: ['vscode', 'mocha'],
  absWorkingDir: EXTENSION,
};

/** What is started: all of it in a folder that only this suite has, below node_modules with mocha. */
export interface Bundle {
  folder: string;
  suite: string;
  entry: string;
  /** The extension under development. */
  developed: string;
}

export async function bundle(run: Run, name: string): Promise<Bundle> {
  await mkdir(BUNDLES, { recursive: true });
  const folder = await mkdtemp(path.join(BUNDLES, `${name}-`));
  const entryPoints = { suite: `${run.suites}/${name}.test.ts`, entry: 'test/host/entry.ts' };
  await esbuild.build({ ...OPTIONS, entryPoints, outdir: folder });
  const fake = path.join(folder, 'fake');
  if (run.fake !== undefined) {
    await cp(path.join(EXTENSION, run.fake), fake, { recursive: true });
    await esbuild.build({ ...OPTIONS, entryPoints: [`${run.fake}/extension.ts`], outdir: fake });
  }
  return {
    folder,
    suite: path.join(folder, 'suite.js'),
    entry: path.join(folder, 'entry.js'),
    developed: run.fake === undefined ? EXTENSION : fake,
  };
}
