/**
 * The private environment: a virtual environment in the extension's own storage with the bundled server in it.
 *
 * It is made beside its final place and then renamed, so that half an installation is none, and two windows that
 * install at once do not disturb each other: the first one's is taken. Knows nothing of VS Code.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isUsable, type Interpreter, type Probe } from './python';
import { InstallError, run, type RunOptions } from './running';
import { compareVersions, parseVersion } from './versions';

/** What the extension carries: `bundled/manifest.json`, written when it is packaged. */
export interface Bundle {
  /** Version of the server. */
  version: string;
  /** File names in the folder of the bundle. */
  wheel: string;
  pip: string;
  /** How many packages an installation downloads. */
  packages: number;
  /** Extras to install with it, where they can be had. */
  extras: string[];
}

export interface InstallRequest {
  bundle: Bundle;
  /** Where the bundle lies. */
  bundleFolder: string;
  /** Where environments are kept. */
  storage: string;
  /** Wheels to install from; empty: the user's package index. */
  wheelFolder: string;
  platform: NodeJS.Platform;
}

/** The bundle of a built extension, or undefined where it was not packaged (in development). */
export async function readBundle(folder: string): Promise<Bundle | undefined> {
  try {
    return JSON.parse(await fs.readFile(path.join(folder, 'manifest.json'), 'utf8')) as Bundle;
  } catch {
    return undefined;
  }
}

export function environmentFolder(storage: string, version: string): string {
  return path.join(storage, `server-${version}`);
}

export function pythonOf(environment: string, platform: NodeJS.Platform): string {
  return platform === 'win32'
    ? path.join(environment, 'Scripts', 'python.exe')
    : path.join(environment, 'bin', 'python');
}

/** The Python of an environment that works: it has the server, and the Python that it was made with is still there. */
export async function workingEnvironment(
  { bundle, storage, platform }: Pick<InstallRequest, 'bundle' | 'storage' | 'platform'>,
  probe: Probe,
): Promise<Interpreter | undefined> {
  const python = pythonOf(environmentFolder(storage, bundle.version), platform);
  if (!(await exists(python))) {
    return undefined;
  }
  const found = await probe([python]);
  // The path as we know it: the one that Python tells may be that of the Python behind a link.
  return isUsable(found) && found.server === bundle.version ? { ...found, path: python } : undefined;
}

/** The environment of another version of the server, the newest of them, to make this one from. */
export async function olderEnvironment({ bundle, storage, platform }: InstallRequest): Promise<string | undefined> {
  const names = await fs.readdir(storage).catch(() => [] as string[]);
  for (const name of names.filter(isEnvironmentName).sort(byVersion).reverse()) {
    const folder = path.join(storage, name);
    if (folder !== environmentFolder(storage, bundle.version) && (await exists(pythonOf(folder, platform)))) {
      return folder;
    }
  }
  return undefined;
}

/** The arguments of pip. `download`: from the user's index; else from the wheel folder and what is installed only. */
export function pipArguments(request: InstallRequest, download: boolean, extras: readonly string[]): string[] {
  const { bundle, bundleFolder, wheelFolder } = request;
  const wanted = extras.length > 0 ? `[${extras.join(',')}]` : '';
  return [
    path.join(bundleFolder, bundle.pip, 'pip'),
    'install',
    '--disable-pip-version-check',
    '--no-input',
    '--no-user',
    '--prefer-binary',
    '--progress-bar=off',
    ...(download && wheelFolder === '' ? [] : ['--no-index']),
    ...(wheelFolder === '' ? [] : ['--find-links', wheelFolder]),
    `${path.join(bundleFolder, bundle.wheel)}${wanted}`,
  ];
}

/** Makes the environment anew with a Python. Rejects with InstallError, and leaves nothing behind then. */
export async function install(request: InstallRequest, base: Interpreter, options: RunOptions): Promise<void> {
  await build(request, options, async (folder) => {
    await run(base.path, ['-m', 'venv', '--without-pip', folder], options);
    await pipInstall(request, folder, true, options);
  });
}

/**
 * Makes the environment from that of another version without any download. False where more is needed than is there;
 * then nothing has happened.
 */
export async function upgradeOffline(request: InstallRequest, older: string, options: RunOptions): Promise<boolean> {
  try {
    await build(request, options, async (folder) => {
      await fs.cp(older, folder, { recursive: true, verbatimSymlinks: true });
      await pipInstall(request, folder, false, options);
    });
    return true;
  } catch (error) {
    if (error instanceof InstallError && !options.signal?.aborted) {
      options.onLine(`Without downloads it cannot be upgraded: ${error.message}`);
      return false;
    }
    throw error;
  }
}

/** With the extras if they can be had (not every platform has them), else without. */
async function pipInstall(
  request: InstallRequest,
  folder: string,
  download: boolean,
  options: RunOptions,
): Promise<void> {
  const python = pythonOf(folder, request.platform);
  const { extras } = request.bundle;
  if (extras.length > 0) {
    try {
      await run(python, pipArguments(request, download, extras), options);
      return;
    } catch (error) {
      if (options.signal?.aborted || !(error instanceof InstallError)) {
        throw error;
      }
      options.onLine(`Going on without ${extras.join(', ')}: ${error.message}`);
    }
  }
  await run(python, pipArguments(request, download, []), options);
}

async function build(
  { bundle, storage }: InstallRequest,
  options: RunOptions,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const target = environmentFolder(storage, bundle.version);
  const folder = `${target}.${randomBytes(4).toString('hex')}.new`;
  await fs.mkdir(storage, { recursive: true });
  try {
    await fill(folder);
    options.signal?.throwIfAborted();
    await take(folder, target);
  } finally {
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Puts a finished environment into its place; one that is there is broken, or another window was faster. */
async function take(folder: string, target: string): Promise<void> {
  const old = `${folder}.old`;
  await fs.rename(target, old).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new InstallError(`${target} is in use: close other windows of the editor and try again`, error);
    }
  });
  try {
    await fs.rename(folder, target);
  } catch (error) {
    // Between the two, another window has put its own there, which is as good.
    if (!(await exists(target))) {
      throw new InstallError(`${target} cannot be written`, error);
    }
  }
  await fs.rm(old, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/** Removes what crashed installations left, and environments of versions that no window has used for a week. */
export async function tidy(storage: string, version: string, now = Date.now()): Promise<void> {
  const own = path.basename(environmentFolder(storage, version));
  const stamp = new Date(now);
  await fs.utimes(path.join(storage, own), stamp, stamp).catch(() => undefined);
  for (const name of await fs.readdir(storage).catch(() => [] as string[])) {
    const leftOver = /^server-.*\.(new|old)$/.test(name);
    if (name === own || !(leftOver || isEnvironmentName(name))) {
      continue;
    }
    const folder = path.join(storage, name);
    const age = now - ((await fs.stat(folder).catch(() => undefined))?.mtimeMs ?? now);
    if (age > (leftOver ? DAY : 7 * DAY)) {
      await fs.rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

const DAY = 24 * 60 * 60 * 1000;

function isEnvironmentName(name: string): boolean {
  return /^server-\d[\w.+]*$/.test(name) && !/\.(new|old)$/.test(name);
}

function byVersion(one: string, other: string): number {
  const [first, second] = [one, other].map(
    (name) => parseVersion(name.replace(/^server-/, '')) ?? ([0, 0, 0] as const),
  );
  return first && second ? compareVersions(first, second) : 0;
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
