import * as vscode from 'vscode';

import type { LibraryRoot } from '../protocol';
import { NotRunningError } from '../server/connection';
import { rowItem, rowTooltip } from './items';
import { rowOfFile } from './locating';
import { Library, type Row, type PromptRow } from './model';
import { isOrder, type Order } from './order';
import type { LibrarySource } from './source';

const ORDER_KEY = 'promptbits.library.order';

/** What the view shows now. */
export interface Shown {
  library: Library;
  query: string;
  /** How many prompts match the query; all of them where there is none. */
  count: number;
  /** Why there is nothing to show. */
  problem: string | null;
}

const NOTHING = new Library([]);

/** Rows for the view. The server is asked when the editor asks for rows, which it does while the view is visible. */
export class LibraryTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly dataChanges = new vscode.EventEmitter<void>();
  private readonly shows = new vscode.EventEmitter<Shown>();
  private library = NOTHING;
  private roots: readonly LibraryRoot[] | undefined;
  private asked = '';
  private chosen: Order;

  readonly onDidChangeTreeData = this.dataChanges.event;
  /** Rows were made. */
  readonly onDidShow = this.shows.event;

  constructor(
    private readonly source: LibrarySource,
    private readonly memory: vscode.Memento,
  ) {
    const order = memory.get(ORDER_KEY);
    this.chosen = isOrder(order) ? order : 'id';
  }

  get query(): string {
    return this.asked;
  }

  set query(query: string) {
    if (query === this.asked) return;
    this.asked = query;
    this.refresh();
  }

  get order(): Order {
    return this.chosen;
  }

  set order(order: Order) {
    this.chosen = order;
    void this.memory.update(ORDER_KEY, order);
    this.refresh();
  }

  /** The rows are out of date. */
  refresh(): void {
    this.dataChanges.fire();
  }

  async getChildren(row?: Row): Promise<Row[]> {
    return row ? this.library.children(row) : this.top();
  }

  getParent(row: Row): Row | undefined {
    return this.query.trim() ? undefined : this.library.parent(row);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return rowItem(row, this.query, this.library.roots.length > 1);
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    item.tooltip = rowTooltip(row);
    return item;
  }

  /** How many prompts match a query, of those that are known. */
  count(query: string): { count: number; size: number } {
    const size = this.library.size;
    return { count: query.trim() ? this.library.search(query).count : size, size };
  }

  /** The row of a file, where it is among those that are shown. */
  find(uri: vscode.Uri): PromptRow | undefined {
    const row = rowOfFile(this.library, uri);
    return row && this.query.trim() && !this.library.search(this.query).found.includes(row) ? undefined : row;
  }

  dispose(): void {
    this.dataChanges.dispose();
    this.shows.dispose();
  }

  private async top(): Promise<Row[]> {
    let problem: string | null = null;
    let roots: readonly LibraryRoot[] = [];
    try {
      roots = await this.source.roots();
    } catch (error) {
      // Without a server, the view's welcome says what to do; a message would hide it.
      if (!(error instanceof NotRunningError)) problem = error instanceof Error ? error.message : String(error);
    }
    if (roots === this.roots) this.library = this.library.in(this.order);
    else this.library = new Library(roots, this.order);
    this.roots = roots;
    const query = this.query.trim();
    const { found, count } = query
      ? this.library.search(query)
      : { found: this.library.top(), count: this.library.size };
    this.shows.fire({ library: this.library, query, count, problem });
    return found;
  }
}
