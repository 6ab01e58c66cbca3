import * as vscode from 'vscode';

import type { Review } from '../protocol';
import type { Connection } from '../server/connection';
import { tellFailure } from '../server/messages';
import { fileAddress } from '../webview/address';
import { promptFor } from '../webview/prompts';
import { firstCandidate, type CandidateRow, type ReviewRow, type Row } from './model';
import { ACCEPT, OPTIMIZE, REBASE, REJECT, runOnServer, SHOW, tellOfCommands } from './serverCommands';
import { ReviewSource } from './source';
import { ReviewTree } from './tree';
import { diffTitle } from './wording';

const VIEW = 'promptbits.reviews';

/** The Reviews view, and the commands that propose better versions of a prompt, compare them and decide about them. */
export function registerReviews(connection: Connection): vscode.Disposable {
  const source = new ReviewSource(connection);
  const tree = new ReviewTree(source);
  const view = vscode.window.createTreeView(VIEW, { treeDataProvider: tree, showCollapseAll: true });
  const shows = tree.onDidShow((problem) => (view.message = problem));
  const run = (command: string, { review }: ReviewRow | CandidateRow, ...more: unknown[]): Promise<void> =>
    runOnServer(connection, command, addressOf(review), ...more);

  const commands: Record<string, (...given: never[]) => unknown> = {
    'promptbits.optimizePrompt': (argument?: unknown) => optimize(connection, argument),
    'promptbits.review': (uri: string, number: number) => open(connection, source, view, uri, number),
    'promptbits.reviews.refresh': () => source.refresh(),
    'promptbits.reviews.compare': (row: CandidateRow) => compare(row),
    'promptbits.reviews.showReport': (row: ReviewRow) => run(SHOW, row, row.review.number),
    'promptbits.reviews.acceptAsRevision': (row: CandidateRow) =>
      run(ACCEPT, row, row.review.number, row.candidate.number, 'revision'),
    'promptbits.reviews.acceptInPlace': (row: CandidateRow) =>
      run(ACCEPT, row, row.review.number, row.candidate.number, 'in-place'),
    'promptbits.reviews.refine': (row: CandidateRow) =>
      run(OPTIMIZE, row, { from: [row.review.number, row.candidate.number] }),
    'promptbits.reviews.rebase': (row: ReviewRow | CandidateRow) => run(REBASE, row, row.review.number),
    'promptbits.reviews.reject': async (row: ReviewRow | CandidateRow) => {
      const reason = await reasonFor(row.review);
      if (reason !== undefined) await run(REJECT, row, row.review.number, reason);
    },
  };
  const registered = Object.entries(commands).map(([id, command]) =>
    vscode.commands.registerCommand(id, telling(command)),
  );
  return vscode.Disposable.from(...registered, tellOfCommands(connection), shows, view, tree, source);
}

/** A command that failed says why, in one message. */
function telling(run: (...given: never[]) => unknown): (...given: never[]) => Promise<void> {
  return async (...given) => {
    try {
      await run(...given);
    } catch (error) {
      tellFailure(error);
    }
  };
}

async function optimize(connection: Connection, argument: unknown): Promise<void> {
  const address = promptFor(argument);
  if (address) await runOnServer(connection, OPTIMIZE, fileAddress(address));
}

/** Shows a review: its row, and the candidate to look at first. */
async function open(
  connection: Connection,
  source: ReviewSource,
  view: vscode.TreeView<Row>,
  uri: string,
  number: number,
): Promise<void> {
  const address = vscode.Uri.parse(uri).toString();
  const isOf = (review: Review): boolean => review.uri !== null && vscode.Uri.parse(review.uri).toString() === address;
  let row = (await source.reviews()).find(number, isOf);
  if (!row) {
    // Of one that is new, the server may not have told yet.
    source.refresh();
    row = (await source.reviews()).find(number, isOf);
  }
  const candidate = row && firstCandidate(row.review);
  if (!row || !candidate) {
    await runOnServer(connection, SHOW, uri, number);
    return;
  }
  await compare({ kind: 'candidate', review: row.review, candidate });
  // The rows may be made anew while the editor looks for this one.
  view.reveal(row, { select: true, focus: false, expand: true }).then(undefined, () => undefined);
}

/** The editor's own comparison: the text that the review is about, and that of a candidate. */
async function compare({ review, candidate }: CandidateRow): Promise<void> {
  const [before, after] = [vscode.Uri.parse(review.basis), vscode.Uri.parse(candidate.document)];
  await vscode.commands.executeCommand('vscode.diff', before, after, diffTitle(review, candidate), { preview: true });
}

async function reasonFor(review: Review): Promise<string | undefined> {
  const reason = await vscode.window.showInputBox({
    title: `Reject review ${review.number} of ${review.promptId}`,
    prompt: 'Why? It is kept with the review.',
    validateInput: (text) => (text.trim() ? undefined : 'Say why.'),
  });
  return reason?.trim() || undefined;
}

function addressOf(review: Review): string {
  if (review.uri === null) throw new Error(`the prompt ${review.promptId} is gone`);
  return review.uri;
}
