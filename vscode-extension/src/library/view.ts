import * as vscode from 'vscode';

import { ProblemDecorations } from './decorations';
import { type Row, rowId, searchMessage } from './model';
import type { LibrarySource } from './source';
import { fileOf } from './target';
import type { LibraryTree, Shown } from './tree';
import { badge } from './wording';

/** The view around the tree: its message, its badge, the decorations, and the prompt that is being edited. */
export class LibraryView implements vscode.Disposable {
  private readonly decorations = new ProblemDecorations();
  private readonly subscriptions: { dispose(): void }[];
  /** The address whose row was selected last: from then on the selection is left to the author. */
  private followed = '';

  constructor(
    private readonly view: vscode.TreeView<Row>,
    source: LibrarySource,
    private readonly tree: LibraryTree,
  ) {
    this.subscriptions = [
      this.view,
      this.decorations,
      source.onDidChange(() => tree.refresh()),
      tree.onDidShow((shown) => this.show(shown)),
      this.view.onDidChangeVisibility(() => {
        this.followed = '';
        this.follow();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.follow()),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private show({ library, query, count, problem }: Shown): void {
    void vscode.commands.executeCommand('setContext', 'promptbits.library.searching', query !== '');
    this.view.message = problem ?? (query ? searchMessage(query, count, library.size) : '');
    this.view.badge = badge(library.roots) ?? undefined;
    this.decorations.show(library.roots);
    this.follow();
  }

  /** Selects the prompt of the active editor, if it is among the rows. */
  private follow(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    if (!uri || !this.view.visible || this.followed === uri.toString()) return;
    const row = this.tree.find(fileOf(uri));
    if (!row) return;
    this.followed = uri.toString();
    if (this.view.selection.some((selected) => rowId(selected) === rowId(row))) return;
    // The rows may be made anew while the editor looks for this one.
    this.view.reveal(row, { select: true, focus: false }).then(undefined, () => undefined);
  }
}
