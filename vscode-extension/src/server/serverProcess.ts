/** The process of the server: its start, the last words of its log, and its end. Knows nothing of VS Code. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How a server is started. */
export interface Launch {
  command: string;
  args: string[];
  env: Record<string, string>;
}

const LAST_LINES = 20;

/** Starts servers, one after another, and remembers what the last one said before it died. */
export class ServerProcess {
  #child: ChildProcess | undefined;
  #lines: string[] = [];

  constructor(
    private readonly launch: Launch,
    private readonly cwd: string,
    private readonly onLine: (line: string) => void,
  ) {}

  /** The process, once it runs. Rejects where there is no such program or it may not be run. */
  start(): Promise<ChildProcess> {
    const { command, args, env } = this.launch;
    this.#lines = [];
    const child = spawn(command, args, { cwd: this.cwd, env: serverEnvironment(process.env, env), windowsHide: true });
    this.#child = child;
    // The language client reads stdout; a broken pipe is told by the end of the process.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stderr, crlfDelay: Infinity }).on('line', (line) => {
      this.#lines = [...this.#lines, line].slice(-LAST_LINES);
      this.onLine(line);
    });
    return new Promise((resolve, reject) => {
      child.once('spawn', () => resolve(child));
      child.once('error', (error: NodeJS.ErrnoException) => reject(new Error(spawnProblem(command, error))));
    });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The last line of stderr, which is where Python says what went wrong. */
  get lastWords(): string | undefined {
    return this.#lines.findLast((line) => line.trim() !== '')?.trim();
  }

  /** Ends the process, if it still runs, and waits until it is gone. */
  async end(): Promise<void> {
    const child = this.#child;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill();
    const impatient = setTimeout(() => child.kill('SIGKILL'), 2000);
    await gone;
    clearTimeout(impatient);
  }
}

/**
 * The environment of the server: that of the editor, what the setting adds, and Python's safe path, so that no module
 * of the folder in which Python happens to start takes the place of one of ours.
 */
export function serverEnvironment(own: NodeJS.ProcessEnv, added: Record<string, string>): NodeJS.ProcessEnv {
  return { ...own, ...added, PYTHONSAFEPATH: '1', PYTHONUTF8: '1' };
}

/** Why a program did not start, in words. */
export function spawnProblem(command: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `there is no program ${command}`;
    case 'EACCES':
      return `${command} may not be run`;
    default:
      return `${command} cannot be run (${error.code ?? error.message})`;
  }
}
