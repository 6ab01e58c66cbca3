import * as vscode from 'vscode';

import { NotRunningError } from '../server/connection';
import { contextOf, Reviews, rowId, type CandidateRow, type ReviewRow, type Row } from './model';
import type { ReviewSource } from './source';
import { description, label, tooltip } from './wording';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** Rows for the view. The server is asked when the editor asks for rows, which it does while the view is visible. */
export class ReviewTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly dataChanges = new vscode.EventEmitter<void>();
  private readonly problems = new vscode.EventEmitter<string>();
  private readonly subscription: vscode.Disposable;
  private shown = new Reviews([]);

  readonly onDidChangeTreeData = this.dataChanges.event;
  /** Rows were made: why there are none, or nothing. */
  readonly onDidShow = this.problems.event;

  constructor(private readonly source: ReviewSource) {
    this.subscription = source.onDidChange(() => this.dataChanges.fire());
  }

  async getChildren(row?: Row): Promise<Row[]> {
    return row ? this.shown.children(row) : this.top();
  }

  getParent(row: Row): Row | undefined {
    return this.shown.parent(row);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const item = new vscode.TreeItem(label(row), stateOf(row));
    item.id = rowId(row);
    item.description = description(row);
    item.iconPath = iconOf(row);
    item.contextValue = contextOf(row);
    item.accessibilityInformation = { label: `${label(row)}, ${description(row)}` };
    if (row.kind === 'candidate') {
      item.command = { command: 'promptbits.reviews.compare', title: 'Compare', arguments: [row] };
    }
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    item.tooltip = new vscode.MarkdownString(tooltip(row));
    return item;
  }

  dispose(): void {
    this.subscription.dispose();
    this.dataChanges.dispose();
    this.problems.dispose();
  }

  private async top(): Promise<Row[]> {
    let problem = '';
    try {
      this.shown = await this.source.reviews();
    } catch (error) {
      this.shown = new Reviews([]);
      // Without a server, the view's welcome says what to do; a message would hide it.
      if (!(error instanceof NotRunningError)) problem = error instanceof Error ? error.message : String(error);
    }
    this.problems.fire(problem);
    return this.shown.top();
  }
}

function stateOf(row: Row): vscode.TreeItemCollapsibleState {
  if (row.kind === 'candidate' || (row.kind === 'review' && row.review.candidates.length === 0)) return None;
  return row.kind === 'review' && row.review.status === 'open' ? Expanded : Collapsed;
}

function iconOf(row: Row): vscode.ThemeIcon {
  if (row.kind === 'decided') return new vscode.ThemeIcon('archive');
  return new vscode.ThemeIcon(row.kind === 'review' ? reviewIcon(row) : candidateIcon(row));
}

function reviewIcon({ review }: ReviewRow): string {
  if (review.status === 'open') return review.stale ? 'warning' : 'git-pull-request';
  return review.status === 'accepted' ? 'check' : 'circle-slash';
}

function candidateIcon({ review, candidate }: CandidateRow): string {
  if (review.accepted?.candidate === candidate.number) return 'check';
  return candidate.number === review.recommended ? 'star-full' : 'diff';
}
