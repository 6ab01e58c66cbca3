/** Finding Python: which interpreters there are, how old they are, and whether they have the server. */
import { execFile } from 'node:child_process';
import { compareVersions, parseVersion } from './versions';
import { spawnProblem } from './serverProcess';

export const OLDEST_PYTHON = '3.11';

/** A command that starts Python: a path or a name, with arguments (`py -3`). */
export type PythonCommand = readonly [string, ...string[]];

export interface Interpreter {
  /** The absolute path of the program. */
  path: string;
  version: string;
  /** Where its packages are: two programs with the same one are the same Python under two names. */
  prefix: string;
  /** The version of the server that it can import; undefined where it has none. */
  server: string | undefined;
}

export type Probe = (command: PythonCommand) => Promise<Interpreter | Unusable>;

/** Why a command is of no use: `problem` goes on after the command's name. */
export interface Unusable {
  problem: string;
}

/** What to try where nobody chose an interpreter, the newest first. */
export function usualCommands(platform: NodeJS.Platform): PythonCommand[] {
  const names = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3', 'python'];
  const commands = names.map((name): PythonCommand => [name]);
  return platform === 'win32' ? [['py', '-3'], ...commands] : commands;
}

// Runs on any Python 3. The folder it starts in is taken off the path: nothing there is to be imported.
const QUESTION = `
import sys
sys.path[:] = [p for p in sys.path if p]
import json
from importlib import util
server = None
if util.find_spec("promptbits"):
    server = "0"
    try:
        from importlib import metadata
        server = metadata.version("promptbits")
    except Exception:
        pass
print(json.dumps({"path": sys.executable, "prefix": sys.prefix, "version": "%d.%d.%d" % sys.version_info[:3], "server": server}))
`;

/** Asks a command what it is. `cwd` should hold nothing that could be run or imported. */
export function probing(cwd: string, timeout = 10_000): Probe {
  return (command) =>
    new Promise((resolve) => {
      const [program, ...args] = command;
      execFile(
        program,
        [...args, '-c', QUESTION],
        { cwd, timeout, windowsHide: true, env: { ...process.env, PYTHONUTF8: '1' } },
        (error, stdout) => resolve(error ? { problem: failure(program, error, timeout) } : readAnswer(stdout)),
      );
    });
}

/** What the question's output says. Exported for tests. */
export function readAnswer(stdout: string): Interpreter | Unusable {
  let answer: Partial<Record<keyof Interpreter, unknown>>;
  try {
    answer = JSON.parse(stdout) as typeof answer;
  } catch {
    return { problem: 'does not answer as Python does' };
  }
  const { path, prefix, version, server } = answer;
  if (typeof path !== 'string' || path === '' || typeof prefix !== 'string' || typeof version !== 'string') {
    return { problem: 'does not answer as Python does' };
  }
  if (!isNewEnough(version)) {
    return { problem: `is Python ${version}; PromptBits needs ${OLDEST_PYTHON} or newer` };
  }
  return { path, prefix, version, server: typeof server === 'string' ? server : undefined };
}

export function isUsable(found: Interpreter | Unusable): found is Interpreter {
  return 'path' in found;
}

function isNewEnough(version: string): boolean {
  const [found, oldest] = [parseVersion(version), parseVersion(OLDEST_PYTHON)];
  return found !== undefined && oldest !== undefined && compareVersions(found, oldest) >= 0;
}

function failure(program: string, error: Error & { killed?: boolean; code?: unknown }, timeout: number): string {
  if (error.killed) {
    return `has not answered within ${timeout / 1000} s`;
  }
  if (typeof error.code === 'string') {
    return `cannot be used: ${spawnProblem(program, error as NodeJS.ErrnoException)}`;
  }
  return 'cannot be used as Python';
}

/** The interpreters among some commands, each once, in their order. */
export async function findInterpreters(commands: readonly PythonCommand[], probe: Probe): Promise<Interpreter[]> {
  const found = (await Promise.all(commands.map(probe))).filter(isUsable);
  return found.filter((one, index) => found.findIndex((other) => other.prefix === one.prefix) === index);
}
