/** The file system of views: what the editor reads is the content of a prompt, what it writes goes into the JSON file. */
import * as vscode from 'vscode';
import { content } from '../protocol';
import type { Connection } from '../server/connection';
import type { Bases } from './bases';
import type { JsonFile } from './jsonFile';
import { save } from './saving';
import { bytesOf, difference, hasMark, looksAlike, textOf } from './text';

export class ContentProvider implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;
  private readonly times = new Map<string, number>();
  /** Views that are about to follow their file: each still is where it was. */
  private readonly moving = new Map<string, string>();

  constructor(
    private readonly connection: Connection,
    private readonly bases: Bases,
    private readonly json: JsonFile,
  ) {}

  /** The content is another one now: who shows it reads it anew, unless something is unsaved there. */
  changed(view: vscode.Uri): void {
    const address = view.toString();
    this.times.set(address, Math.max(Date.now(), (this.times.get(address) ?? 0) + 1));
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri: view }]);
  }

  /** The JSON file is gone. */
  deleted(view: vscode.Uri): void {
    this.changes.fire([{ type: vscode.FileChangeType.Deleted, uri: view }]);
  }

  /** Gives views another address, with what is unsaved in them: the file behind each was renamed. */
  async move(views: readonly (readonly [from: vscode.Uri, to: vscode.Uri])[]): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    for (const [from, to] of views) {
      this.moving.set(from.toString(), to.toString());
      edit.renameFile(from, to, { overwrite: true });
    }
    try {
      await vscode.workspace.applyEdit(edit);
    } finally {
      for (const [from] of views) this.moving.delete(from.toString());
    }
  }

  /**
   * Of any view the size is the same. The editor takes a file with another time and size than it knows for one that
   * somebody else has written, and refuses to save; but two texts of one size it overwrites without a word. So that
   * question is left to the server, which merges.
   */
  async stat(view: vscode.Uri): Promise<vscode.FileStat> {
    const address = view.toString();
    const file = this.json.uriOf(view);
    if (!file) return vscode.workspace.fs.stat(view.with({ scheme: 'file' })); // a folder above views
    if ([...this.moving.values()].includes(address)) throw vscode.FileSystemError.FileNotFound(view);
    if (!this.moving.has(address) && !this.json.opened(file)) await vscode.workspace.fs.stat(file);
    const known = this.times.get(address) ?? Date.now();
    this.times.set(address, known);
    const stat: vscode.FileStat = { type: vscode.FileType.File, ctime: 0, mtime: known, size: 0 };
    return (await this.isReadOnly(view)) ? { ...stat, permissions: vscode.FilePermission.Readonly } : stat;
  }

  async readFile(view: vscode.Uri): Promise<Uint8Array> {
    const address = view.toString();
    const { text, version } = await this.connection.request(content, { uri: address }).catch((error: unknown) => {
      throw vscode.FileSystemError.Unavailable(error instanceof Error ? error.message : String(error));
    });
    this.bases.read(address, text, version);
    const files = vscode.workspace.getConfiguration('files', { uri: view, languageId: 'markdown' });
    return bytesOf(text, files.get('encoding') !== 'utf8' || files.get('autoGuessEncoding') === true);
  }

  async writeFile(view: vscode.Uri, bytes: Uint8Array): Promise<void> {
    const address = view.toString();
    const file = this.json.uriOf(view);
    if (!file) throw vscode.FileSystemError.NoPermissions('a prompt is a JSON file: save this under another name');
    const text = textOf(bytes, this.bases.of(address)?.marked ?? false);
    if (text === undefined) {
      throw vscode.FileSystemError.Unavailable('prompts are written as UTF-8: choose that encoding and save again');
    }
    const host = await this.json.host(file, (sent, shown) => show(view, sent, shown));
    try {
      await save(address, this.json.nameOf(file), text, this.bases, host);
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(error instanceof Error ? error.message : String(error));
    }
  }

  /** Called while views follow their files; else the JSON file is what has a name. */
  rename(from: vscode.Uri, to: vscode.Uri): void {
    if (this.moving.get(from.toString()) !== to.toString()) {
      throw vscode.FileSystemError.NoPermissions('rename the JSON file: the view of its content follows');
    }
    this.moving.delete(from.toString());
    this.bases.moved(from.toString(), to.toString());
  }

  delete(): void {
    throw vscode.FileSystemError.NoPermissions('delete the JSON file: this is a view of its content');
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions('there are no folders here, only views of prompts');
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  /** Nothing to do: the JSON file of each open view is watched. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  dispose(): void {
    this.changes.dispose();
  }

  private async isReadOnly(view: vscode.Uri): Promise<boolean> {
    try {
      return (await this.connection.request(content, { uri: view.toString() })).readOnly !== undefined;
    } catch {
      return false; // reading it says what is wrong
    }
  }
}

/** Puts a text into an open view that still shows `sent`. */
async function show(view: vscode.Uri, sent: string, text: string): Promise<boolean> {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === view.toString());
  if (!document || !looksAlike(document.getText(), sent)) return false;
  const end = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const wanted = (hasMark(text) ? text.slice(1) : text).replace(/\r\n|\r|\n/g, end);
  const change = difference(document.getText(), wanted);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(change.start), document.positionAt(change.end));
  edit.replace(view, range, change.text);
  return vscode.workspace.applyEdit(edit);
}
