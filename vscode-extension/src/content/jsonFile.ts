/** The JSON files behind views. They are edited and saved without a tab of their own. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { WorkspaceEdit } from 'vscode-languageclient';
import { setContent } from '../protocol';
import type { Connection } from '../server/connection';
import { SCHEME, jsonPath, viewPath } from './address';
import type { Host } from './saving';

export class JsonFile {
  private client: LanguageClient | undefined;
  private readonly attached: { dispose(): void };

  constructor(private readonly connection: Connection) {
    this.attached = connection.onCreate((client) => {
      this.client = client;
      return new vscode.Disposable(() => undefined);
    });
  }

  dispose(): void {
    this.attached.dispose();
  }

  /** The file behind a view; undefined where the address is none of a view. */
  uriOf(view: vscode.Uri): vscode.Uri | undefined {
    const path = view.scheme === SCHEME ? jsonPath(view.path) : undefined;
    return path === undefined ? undefined : view.with({ scheme: 'file', path });
  }

  viewOf(file: vscode.Uri): vscode.Uri {
    return file.with({ scheme: SCHEME, path: viewPath(file.path), query: '', fragment: '' });
  }

  nameOf(file: vscode.Uri): string {
    return file.path.slice(file.path.lastIndexOf('/') + 1);
  }

  /** The document, where the editor has it open. */
  opened(uri: vscode.Uri): vscode.TextDocument | undefined {
    return vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  }

  /** What saving a view does to its file, and to the view. */
  async host(file: vscode.Uri, show: Host['show']): Promise<Host> {
    const document = await vscode.workspace.openTextDocument(file); // so that the server has it as the editor does
    return {
      ask: (params) => this.connection.request(setContent, params),
      apply: (edit) => this.apply(edit, document),
      save: async () => !document.isDirty || document.save(),
      show,
    };
  }

  private async apply(edit: WorkspaceEdit, document: vscode.TextDocument): Promise<boolean> {
    for (const change of edit.documentChanges ?? []) {
      if (!('textDocument' in change)) continue;
      const { version } = change.textDocument;
      // An edit without a version is of the file on disk, as the server has not met the document.
      if (version === null ? document.isDirty : version !== document.version) return false;
    }
    const converted = await this.client?.protocol2CodeConverter.asWorkspaceEdit(edit);
    return converted !== undefined && (converted.size === 0 || vscode.workspace.applyEdit(converted));
  }
}
