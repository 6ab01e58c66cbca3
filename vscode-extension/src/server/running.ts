/** Running the programs of an installation, line by line, until they end or are cancelled. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { spawnProblem } from './serverProcess';

export interface RunOptions {
  /** Where to run: a folder that holds nothing to import. */
  cwd: string;
  onLine: (line: string) => void;
  signal?: AbortSignal;
}

/** Something that the user can do something about; the message says what failed. */
export class InstallError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

// Where pip installs to is ours to say, and no other module is to come before those of the environment.
const NOT_PASSED_ON = [
  'PYTHONPATH',
  'PYTHONHOME',
  'PIP_TARGET',
  'PIP_PREFIX',
  'PIP_ROOT',
  'PIP_USER',
  '__PYVENV_LAUNCHER__',
];

/** Rejects with InstallError where the program fails or is cancelled. Mirrors and proxies of the user hold. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<void> {
  options.signal?.throwIfAborted();
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.includes(name)));
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...env, PYTHONUTF8: '1', PYTHONUNBUFFERED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  let problem: string | undefined;
  const lines = [child.stdout, child.stderr].map((input) => {
    const reader = createInterface({ input, crlfDelay: Infinity });
    reader.on('line', (line) => {
      options.onLine(line);
      // pip says what is wrong in lines of this kind, the last but for hints; venv in its first.
      if (/^error: /i.test(line)) {
        problem = line.replace(/^error: /i, '');
      }
    });
    return new Promise<void>((resolve) => reader.once('close', () => resolve()));
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new InstallError(options.signal?.aborted ? 'cancelled' : spawnProblem(command, error), error)),
    );
    child.once('close', (status) => resolve(status));
  });
  await Promise.all(lines);
  options.signal?.throwIfAborted();
  if (code !== 0) {
    throw new InstallError(problem ?? `${command} ${args.slice(0, 2).join(' ')} failed with code ${code}`);
  }
}
