/** The interpreter that the Python extension has chosen, where that extension is there. */
import * as vscode from 'vscode';

interface PythonApi {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
  };
}

/** Absolute paths, none or one. In a folder that is not trusted, what its own settings chose is not run. */
export async function activePythons(): Promise<string[]> {
  const extension = vscode.workspace.isTrusted && vscode.extensions.getExtension<PythonApi>('ms-python.python');
  if (!extension) {
    return [];
  }
  try {
    const { environments } = extension.isActive ? extension.exports : await extension.activate();
    const active = environments?.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri);
    const found = active && (await environments?.resolveEnvironment(active));
    return found?.executable.uri ? [found.executable.uri.fsPath] : [];
  } catch {
    return []; // its own problem; there are other ways to find Python
  }
}
