/** The server of VS Code, in a state of its own that goes with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { editor, EXTENSION, run } from './project';

const START_MS = 30_000;

/** What every run has: nothing that moves, asks or looks for updates by itself. */
const QUIET = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'files.autoSave': 'off',
  'files.simpleDialog.enable': true,
  'window.restoreWindows': 'none',
  'editor.accessibilitySupport': 'off',
  'editor.hover.delay': 100,
};

export interface CodeOptions {
  settings: Record<string, unknown>;
  /** Packages to install. */
  vsix?: string[];
  /** Added to the environment of extensions. */
  env?: Record<string, string>;
}

/** A running VS Code server. */
export class Code {
  private constructor(
    readonly origin: string,
    /** Its state: settings, installed extensions, storage, logs. */
    readonly state: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts one in a new state folder, and waits until it listens. */
  static async start(options: CodeOptions): Promise<Code> {
    const command = editor('vscode');
    const state = await mkdtemp(path.join(tmpdir(), 'promptbits-code-'));
    const data = path.join(state, 'data');
    for (const folder of ['User', 'Machine']) {
      await mkdir(path.join(data, folder), { recursive: true });
      const text = JSON.stringify({ ...QUIET, ...options.settings }, undefined, 2);
      await writeFile(path.join(data, folder, 'settings.json'), text);
    }
    const folders = ['--user-data-dir', data, '--server-data-dir', data, '--extensions-dir', path.join(state, 'ext')];
    const env = environment(state, options.env ?? {});
    for (const each of options.vsix ?? []) {
      run(command, [...folders, '--install-extension', each, '--force'], EXTENSION, env);
    }
    const listen = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token'];
    const terms = ['--accept-server-license-terms', '--telemetry-level', 'off'];
    const child = spawn(command, [...folders, ...listen, ...terms], {
      cwd: state,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(path.join(state, 'log'));
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    const port = await listening(child).catch((error: unknown) => {
      child.kill('SIGKILL');
      throw new Error(`VS Code's server did not start (${String(error)}): ${state}/log`);
    });
    return new Code(`http://127.0.0.1:${port}`, state, child);
  }

  /** The address of its window on a folder or a workspace file. */
  window(place: string, payload: [string, string][] = []): string {
    const query = new URLSearchParams({ [place.endsWith('.code-workspace') ? 'workspace' : 'folder']: place });
    if (payload.length > 0) {
      query.set('payload', JSON.stringify(payload));
    }
    return `${this.origin}/?${query.toString()}`;
  }

  /** The address of a file, as payloads have it. */
  remote(file: string): string {
    return `vscode-remote://${new URL(this.origin).host}${file}`;
  }

  /** What it and its extension host said, without what they always say. */
  async log(): Promise<string> {
    return withoutNoise(await readFile(path.join(this.state, 'log'), 'utf8'));
  }

  /** Ends it with its extension hosts; its state is removed unless somebody should look at it. */
  async stop(keep: boolean): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill();
      const impatient = setTimeout(() => this.child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(impatient);
    }
    if (!keep) {
      await rm(this.state, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

// Native modules that are not built, addresses that are not reached, and what it always says while it starts.
const NOISE =
  /^[\s\]}]*$|^\*|^\s+at |^\s+tries|bindings|spdlog|ERR_MODULE|vsda|open-vsx|status of 404|Long running operations/;

/** What was said, without the lines that nobody can use. */
export function withoutNoise(text: string): string {
  const lines = text.split('\n').filter((line) => !NOISE.test(line));
  return lines.join('\n');
}

/** Nothing of the person who runs the tests. */
function environment(state: string, more: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(PROMPTBITS_|VSCODE_|npm_|NODE_OPTIONS$)/.test(name));
  const xdg = ['CONFIG', 'DATA', 'STATE', 'CACHE'].map((name) => [`XDG_${name}_HOME`, path.join(state, name)] as const);
  return { ...Object.fromEntries(own), ...Object.fromEntries(xdg), ...more };
}

/** The port that it listens on, which it prints. */
function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('too slow')), START_MS);
    const { stdout } = child;
    if (stdout === null) {
      reject(new Error('no output'));
      return;
    }
    createInterface({ input: stdout }).on('line', (line) => {
      const port = /listening on (\d+)/.exec(line)?.[1];
      if (port !== undefined) {
        clearTimeout(late);
        resolve(Number(port));
      }
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`exit code ${code}`)));
  });
}
