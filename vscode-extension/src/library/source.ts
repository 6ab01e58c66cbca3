import * as vscode from 'vscode';

import { library, libraryChanged, type LibraryRoot } from '../protocol';
import type { Connection } from '../server/connection';
import { Cached } from './cached';

/** What the server says of its prompts: one request, until something has changed. */
export class LibrarySource implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly answer: Cached<LibraryRoot[]>;
  private readonly subscriptions: { dispose(): void }[];

  /** What was answered is out of date. Whoever shows it asks again. */
  readonly onDidChange = this.changes.event;

  constructor(connection: Connection) {
    this.answer = new Cached(async () => (await connection.request0(library)).roots);
    this.subscriptions = [
      connection.onNotification0(libraryChanged, () => this.refresh()),
      connection.onDidStart(() => this.refresh()),
    ];
  }

  /** Rejects with a message to show. */
  roots(): Promise<LibraryRoot[]> {
    return this.answer.get();
  }

  refresh(): void {
    this.answer.clear();
    this.changes.fire();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changes.dispose();
  }
}
