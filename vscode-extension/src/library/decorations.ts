import * as vscode from 'vscode';

import type { LibraryPrompt, LibraryRoot } from '../protocol';
import { problems } from './wording';

/** From here on, the editor's own badges say no number either. */
const MANY = 10;

/**
 * Colours prompts with problems and counts them, as the editor does for files that it has findings of.
 * Those it has are left to it: two badges would stand beside each other.
 */
export class ProblemDecorations implements vscode.FileDecorationProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri[]>();
  private readonly subscriptions: vscode.Disposable[];
  private found = new Map<string, LibraryPrompt['problems']>();

  readonly onDidChangeFileDecorations = this.changes.event;

  constructor() {
    this.subscriptions = [
      vscode.window.registerFileDecorationProvider(this),
      vscode.languages.onDidChangeDiagnostics(({ uris }) =>
        this.tell(uris.filter((uri) => this.found.has(uri.toString()))),
      ),
    ];
  }

  /** What there is to decorate from now on. */
  show(roots: readonly LibraryRoot[]): void {
    const found = new Map<string, LibraryPrompt['problems']>();
    for (const { prompts } of roots) {
      for (const prompt of prompts) {
        if (problems(prompt.problems)) found.set(vscode.Uri.parse(prompt.uri).toString(), prompt.problems);
      }
    }
    const changed = [...new Set([...this.found.keys(), ...found.keys()])].filter(
      (uri) => said(this.found.get(uri)) !== said(found.get(uri)),
    );
    this.found = found;
    this.tell(changed.map((uri) => vscode.Uri.parse(uri)));
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const found = this.found.get(uri.toString());
    if (!found || !isWanted(uri) || isKnownToEditor(uri)) return undefined;
    const count = found.errors + found.warnings;
    const color = found.errors ? 'list.errorForeground' : 'list.warningForeground';
    return new vscode.FileDecoration(
      count < MANY ? `${count}` : `${MANY - 1}+`,
      `${problems(found)} in this file`,
      new vscode.ThemeColor(color),
    );
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changes.dispose();
  }

  private tell(uris: vscode.Uri[]): void {
    if (uris.length) this.changes.fire(uris);
  }
}

function said(found: LibraryPrompt['problems'] | undefined): string {
  return found ? problems(found) : '';
}

function isWanted(uri: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration('problems', uri).get('decorations.enabled', true);
}

function isKnownToEditor(uri: vscode.Uri): boolean {
  return vscode.languages.getDiagnostics(uri).some(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning);
}
