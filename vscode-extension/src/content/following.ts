/** Keeps open views in step with their JSON files: what is typed or written there, and where they move. */
import * as vscode from 'vscode';
import { content } from '../protocol';
import type { Connection } from '../server/connection';
import { SCHEME, movedPath } from './address';
import type { Bases } from './bases';
import type { JsonFile } from './jsonFile';
import type { ContentProvider } from './provider';

export class Following implements vscode.Disposable {
  /** One watcher for the file of each open view, by the address of the view. */
  private readonly watchers = new Map<string, vscode.Disposable>();
  /** Views that the server is being asked about, and whether to ask once more. */
  private readonly asking = new Map<string, boolean>();
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly connection: Connection,
    private readonly bases: Bases,
    private readonly json: JsonFile,
    private readonly provider: ContentProvider,
  ) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (document.uri.scheme === SCHEME) this.opened(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === SCHEME) this.typed(document);
        else if (document.uri.scheme === 'file') this.refresh(this.json.viewOf(document.uri));
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document.uri.scheme === SCHEME) this.closed(document);
        else if (document.uri.scheme === 'file') this.refresh(this.json.viewOf(document.uri));
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => this.renamed(files)),
      connection.onDidStart(() => {
        // A new server knows no text that views were based on. It learns those of files that did not change meanwhile.
        for (const { uri } of views()) this.refresh(uri);
      }),
    );
    for (const document of views()) this.opened(document);
  }

  dispose(): void {
    this.subscriptions.dispose();
    for (const watcher of this.watchers.values()) watcher.dispose();
  }

  private opened(document: vscode.TextDocument): void {
    const view = document.uri;
    const file = this.json.uriOf(view);
    if (!file) return;
    if (!document.isDirty) this.bases.shown(view.toString(), document.getText());
    const folder = vscode.Uri.joinPath(file, '..');
    // In a pattern, brackets and braces have a meaning: a question mark stands for each.
    const name = this.json.nameOf(file).replace(/[[\]{}*?,!]/g, '?');
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, name));
    watcher.onDidChange(() => this.refresh(view));
    watcher.onDidCreate(() => this.provider.changed(view));
    watcher.onDidDelete((uri) => {
      if (uri.path === file.path && !this.json.opened(file)) this.provider.deleted(view);
    });
    this.watchers.get(view.toString())?.dispose();
    this.watchers.set(view.toString(), watcher);
    this.refresh(view);
  }

  private typed(document: vscode.TextDocument): void {
    const address = document.uri.toString();
    if (document.isDirty) return this.bases.typed(address, document.getText());
    this.bases.shown(address, document.getText());
    this.refresh(document.uri); // what was unsaved may have hidden a change of the file
  }

  private closed(document: vscode.TextDocument): void {
    const address = document.uri.toString();
    this.watchers.get(address)?.dispose();
    this.watchers.delete(address);
  }

  /** Looks whether the content is another one than the view shows. */
  private refresh(view: vscode.Uri): void {
    const address = view.toString();
    if (!this.watchers.has(address) || !this.connection.running) return;
    if (this.asking.has(address)) this.asking.set(address, true);
    else void this.compare(view);
  }

  private async compare(view: vscode.Uri): Promise<void> {
    const address = view.toString();
    this.asking.set(address, false);
    try {
      const { version } = await this.connection.request(content, { uri: address });
      const document = this.json.opened(view);
      if (document && !document.isDirty && version !== this.bases.of(address)?.version) this.provider.changed(view);
    } catch {
      // Half typed, or gone: the view keeps what it shows.
    } finally {
      const again = this.asking.get(address);
      this.asking.delete(address);
      if (again) this.refresh(view);
    }
  }

  private async renamed(files: readonly { oldUri: vscode.Uri; newUri: vscode.Uri }[]): Promise<void> {
    const moved = views().flatMap(({ uri }) => {
      const file = this.json.uriOf(uri);
      for (const { oldUri, newUri } of files) {
        if (oldUri.scheme !== 'file' || newUri.scheme !== 'file') continue;
        const path = file && movedPath(file.path, oldUri.path, newUri.path);
        if (path) return [[uri, this.json.viewOf(newUri.with({ path }))] as const];
      }
      return [];
    });
    if (moved.length > 0) await this.provider.move(moved);
  }
}

/** The views that are open. */
function views(): vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter((document) => document.uri.scheme === SCHEME);
}
