import * as vscode from 'vscode';

import { Cached } from '../library/cached';
import { libraryChanged, reviews, reviewsChanged } from '../protocol';
import type { Connection } from '../server/connection';
import { Reviews } from './model';

/** What the server says of its reviews: one request, until something has changed. */
export class ReviewSource implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly answer: Cached<Reviews>;
  private readonly subscriptions: { dispose(): void }[];

  /** What was answered is out of date. Whoever shows it asks again. */
  readonly onDidChange = this.changes.event;

  constructor(connection: Connection) {
    this.answer = new Cached(async () => new Reviews((await connection.request(reviews, {})).reviews));
    this.subscriptions = [
      connection.onNotification0(reviewsChanged, () => this.refresh()),
      // A text that changes may not be the one any more that a review is about.
      connection.onNotification0(libraryChanged, () => this.refresh()),
      connection.onDidStart(() => this.refresh()),
    ];
  }

  /** Rejects with a message to show. */
  reviews(): Promise<Reviews> {
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
