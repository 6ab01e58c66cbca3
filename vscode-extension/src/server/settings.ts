/** Reading our settings from VS Code. */
import * as os from 'node:os';
import * as vscode from 'vscode';
import type { ServerSettings, Surroundings } from './choosing';

const SECTION = 'promptbits';

/**
 * The settings that choose a server. In a workspace that is not trusted, VS Code itself leaves out what the workspace
 * says about these (`restrictedConfigurations` in package.json).
 */
export function serverSettings(): ServerSettings & { wheelFolder: string } {
  const settings = vscode.workspace.getConfiguration(`${SECTION}.server`);
  return {
    command: strings(settings.get('command')),
    interpreter: text(settings.get('interpreter')),
    wheelFolder: text(settings.get('wheelFolder')),
    environment: stringTable(settings.get('environment')),
  };
}

/** Whether a change may lead to another server. */
export function choosesServer(event: vscode.ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(`${SECTION}.server`);
}

export function surroundings(): Surroundings {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return { home: os.homedir(), folder: folder?.uri.fsPath, trusted: vscode.workspace.isTrusted };
}

/**
 * The section as the server is to have it: only what somebody has set. VS Code fills in a default for everything, and
 * the server would take that for a choice and put it over `promptbits.toml`.
 */
export function chosenSettings(names: readonly string[], scope: vscode.Uri | undefined): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  const chosen = names.filter((name) => {
    const inspected = settings.inspect(name);
    return [inspected?.globalValue, inspected?.workspaceValue, inspected?.workspaceFolderValue].some(
      (value) => value !== undefined,
    );
  });
  return Object.fromEntries(chosen.map((name) => [name, settings.get<unknown>(name)]));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function stringTable(value: unknown): Record<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The names of the server's own settings, of all that package.json declares: those of the client have a dot. */
export function settingNames(packageJson: unknown): string[] {
  const { contributes } = packageJson as { contributes: { configuration: { properties: object }[] } };
  return contributes.configuration
    .flatMap(({ properties }) => Object.keys(properties))
    .map((name) => name.slice(`${SECTION}.`.length))
    .filter((name) => !name.includes('.'));
}
