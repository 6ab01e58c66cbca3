/** "Select Interpreter…": the interpreters that are found, with their versions, or any file. */
import * as vscode from 'vscode';
import { findInterpreters, isUsable, usualCommands, type Interpreter, type Probe, type PythonCommand } from './python';
import { activePythons } from './pythonExtension';
import { serverSettings } from './settings';

type Item = vscode.QuickPickItem & { interpreter?: Interpreter; own?: boolean };

/** Lets the user choose, and writes `promptbits.server.interpreter`; whoever watches the setting takes it from there. */
export async function selectInterpreter(probe: Probe): Promise<void> {
  const chosen = await vscode.window.showQuickPick(items(probe), {
    title: 'Python for the PromptBits server',
    placeHolder: 'Python 3.11 or newer; one that has PromptBits is used as it is',
    matchOnDescription: true,
  });
  if (!chosen) {
    return;
  }
  const path = chosen.own ? '' : (chosen.interpreter?.path ?? (await browse(probe)));
  if (path !== undefined) {
    await write(path);
    if (serverSettings().command.length > 0) {
      await tellCommandStandsOver();
    }
  }
}

async function tellCommandStandsOver(): Promise<void> {
  const message = 'promptbits.server.command is set and stands over the interpreter.';
  if ((await vscode.window.showWarningMessage(message, 'Open Settings')) !== undefined) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'promptbits.server.command');
  }
}

async function items(probe: Probe): Promise<Item[]> {
  const current = serverSettings().interpreter;
  const commands: PythonCommand[] = [
    ...(current ? [[current] satisfies PythonCommand] : []),
    ...(await activePythons()).map((path): PythonCommand => [path]),
    ...usualCommands(process.platform),
  ];
  const found = await findInterpreters(commands, probe);
  return [
    ...found.map((interpreter) => ({
      label: `Python ${interpreter.version}`,
      description: interpreter.path === current ? `${interpreter.path} (chosen)` : interpreter.path,
      ...(interpreter.server !== undefined && { detail: `Has PromptBits ${interpreter.server}` }),
      interpreter,
    })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(sparkle) Private environment', description: 'The server that comes with this extension', own: true },
    { label: '$(folder) Browse…', description: 'Any other program' },
  ];
}

/** A program that the user points at, once it is one that can be used. */
async function browse(probe: Probe): Promise<string | undefined> {
  for (;;) {
    const [file] = (await vscode.window.showOpenDialog({ openLabel: 'Select', title: 'Python 3.11 or newer' })) ?? [];
    if (!file) {
      return undefined;
    }
    const found = await probe([file.fsPath]);
    if (isUsable(found)) {
      // As it was chosen: the program of a virtual environment is a link, and what it leads to lacks its packages.
      return file.fsPath;
    }
    const again = await vscode.window.showErrorMessage(`${file.fsPath} ${found.problem}.`, 'Browse…');
    if (!again) {
      return undefined;
    }
  }
}

/** Where it is set already, else for the user: which Python there is belongs to the machine, not to the project. */
async function write(path: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration('promptbits.server');
  const inWorkspace = settings.inspect('interpreter')?.workspaceValue !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update('interpreter', path === '' ? undefined : path, target);
}
