/** Which server is started: the order of choices, without VS Code. */
import * as path from 'node:path';
import { isUsable, type Interpreter, type Probe, type PythonCommand } from './python';
import type { Launch } from './serverProcess';

/** What the user has set, as far as it decides which server runs. */
export interface ServerSettings {
  command: string[];
  interpreter: string;
  environment: Record<string, string>;
}

/** Where settings are read. */
export interface Surroundings {
  home: string;
  /** The first folder of the workspace, where there is one. */
  folder: string | undefined;
  trusted: boolean;
}

export type Choice =
  | { kind: 'launch'; launch: Launch; from: 'command' | 'interpreter' | 'private' }
  /** Nothing to start yet: a private environment can be made, with `base` where the user set an interpreter. */
  | { kind: 'install'; base: Interpreter | undefined }
  | { kind: 'problem'; problem: string };

/**
 * Chooses: the command that was set; the interpreter that was set, where it has the server; the private environment;
 * else one is to be installed.
 */
export async function choose(
  settings: ServerSettings,
  surroundings: Surroundings,
  probe: Probe,
  privateInterpreter: () => Promise<Interpreter | undefined>,
): Promise<Choice> {
  const env = settings.environment;
  if (settings.command.length > 0) {
    const command = settings.command.map((part) => expand(part, surroundings));
    const program = resolveProgram(command[0] ?? '', surroundings);
    return 'problem' in program
      ? { kind: 'problem', problem: `promptbits.server.command: ${program.problem}` }
      : { kind: 'launch', from: 'command', launch: launchOf([program.path, ...command.slice(1)], env) };
  }
  let base: Interpreter | undefined;
  if (settings.interpreter.trim() !== '') {
    const program = resolveProgram(expand(settings.interpreter.trim(), surroundings), surroundings);
    const found = 'problem' in program ? program : await probe([program.path]);
    if (!isUsable(found)) {
      const name = 'path' in program ? `${program.path} ` : '';
      const problem = 'problem' in found ? found.problem : '';
      return { kind: 'problem', problem: `promptbits.server.interpreter: ${name}${problem}` };
    }
    if (found.server !== undefined) {
      return { kind: 'launch', from: 'interpreter', launch: launchOf(moduleOf([found.path]), env) };
    }
    base = found;
  }
  const own = await privateInterpreter();
  return own
    ? { kind: 'launch', from: 'private', launch: launchOf(moduleOf([own.path]), env) }
    : { kind: 'install', base };
}

/** The server of an interpreter. Modules, not console scripts: those hold the path at which they were installed. */
export function moduleOf(python: PythonCommand): string[] {
  return [...python, '-m', 'promptbits'];
}

/** A command with what makes it a language server, unless it says so itself. */
function launchOf(command: readonly string[], env: Record<string, string>): Launch {
  const [program = '', ...args] = command;
  const served = args.includes('lsp') ? args : [...args, 'lsp'];
  return { command: program, args: served.includes('--stdio') ? served : [...served, '--stdio'], env };
}

/** Replaces `~` at the start, `${workspaceFolder}`, `${userHome}` and `${env:NAME}`. */
export function expand(text: string, { home, folder }: Surroundings): string {
  const known = text.replace(
    /\$\{(workspaceFolder|userHome|env:([^}]+))\}/g,
    (whole, name: string, variable?: string) =>
      variable !== undefined ? (process.env[variable] ?? '') : name === 'userHome' ? home : (folder ?? whole),
  );
  return known === '~' || /^~[/\\]/.test(known) ? home + known.slice(1) : known;
}

/**
 * A name that is looked for on PATH, or an absolute path. What is relative, is so to the workspace folder. A program
 * inside a folder that is not trusted is refused, whoever named it.
 */
export function resolveProgram(
  program: string,
  { folder, trusted }: Surroundings,
): { path: string } | { problem: string } {
  if (program === '') {
    return { problem: 'the first item must name a program' };
  }
  if (program.includes('${')) {
    return { problem: `${program} cannot be resolved: no folder is open` };
  }
  if (!/[/\\]/.test(program)) {
    return { path: program };
  }
  if (!path.isAbsolute(program) && folder === undefined) {
    return { problem: `${program} is relative, and no folder is open` };
  }
  const resolved = path.resolve(folder ?? '', program);
  if (!trusted && folder !== undefined && isInside(resolved, folder)) {
    return { problem: `${resolved} lies in a folder that you do not trust` };
  }
  return { path: resolved };
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

/** Whether two choices start the same server in the same way. */
export function isSameLaunch(one: Launch | undefined, other: Launch | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
