/** What suites in the extension host share. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

const WAIT_MS = 20_000;
const LOOK_MS = 25;

/** The first folder of the window. */
export function root(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    throw new Error('the window has no folder');
  }
  return folder.uri;
}

/** The address of a file of the workspace, by its path in there. */
export function at(name: string): vscode.Uri {
  return vscode.Uri.joinPath(root(), name);
}

/** Writes a file of the workspace, as another program would. */
export async function put(name: string, text: string): Promise<vscode.Uri> {
  const uri = at(name);
  await mkdir(path.dirname(uri.fsPath), { recursive: true });
  await writeFile(uri.fsPath, text);
  return uri;
}

/** The bytes of a file of the workspace, as they are on disk. */
export function disk(name: string): Promise<string> {
  return readFile(at(name).fsPath, 'utf8');
}

/** Opens a file in an editor. */
export async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(at(name));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Closes all editors; what is not saved is given up. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter((each) => each.isDirty && !each.isClosed)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Waits until something is there, looking again and again; an error counts as not yet. */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  milliseconds = WAIT_MS,
): Promise<Exclude<T, undefined | null | false>> {
  const end = Date.now() + milliseconds;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) {
        return found as Exclude<T, undefined | null | false>;
      }
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`there never was ${what}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
