/** Where things of this project are, and programs that are run to their end. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the extension: tests are started there, by npm or by `make test`. */
export const EXTENSION = process.cwd();
export const PROJECT = path.dirname(EXTENSION);
/** What is bundled for tests. */
export const BUNDLES = path.join(EXTENSION, '.test');
export const SCREENSHOTS = path.join(EXTENSION, '.screenshots');

/** The Python that has the server: `PYTHON`, or that of the checkout. */
export function python(): string {
  return process.env['PYTHON'] ?? path.join(PROJECT, '.venv', 'bin', 'python');
}

/** Fails with what the program said. */
export function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  const done = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (done.error) {
    throw new Error(`${path.basename(command)}: ${done.error.message}`);
  }
  if (done.status !== 0) {
    const said = `${done.stderr}${done.stdout}`.trim();
    throw new Error(`${path.basename(command)} ${args.join(' ')}: ${said}`);
  }
  return done.stdout;
}

/** No editor to test with: skipped where that is allowed. */
export class NoEditorError extends Error {}

/** The command of an editor: the one that is named in the environment, or the one that our script installs. */
export function editor(name: 'vscode' | 'chromium'): string {
  const variable = `PROMPTBITS_${name.toUpperCase()}`;
  const named = process.env[variable];
  if (named !== undefined) {
    if (!existsSync(named)) {
      throw new NoEditorError(`${variable} names no file: ${named}`);
    }
    return named;
  }
  try {
    return run(python(), [path.join(PROJECT, 'scripts', 'install_editors.py'), name], PROJECT).trim();
  } catch (error) {
    throw new NoEditorError(error instanceof Error ? error.message : String(error));
  }
}
