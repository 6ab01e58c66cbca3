/** Reviews over the real server: what is proposed shows, is compared, accepted, undone, rebased and rejected. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { reviews, type Review } from '../../src/protocol';
import { firstCandidate, type CandidateRow, type ReviewRow, type Row } from '../../src/reviews/model';
import { ReviewSource } from '../../src/reviews/source';
import { ReviewTree } from '../../src/reviews/tree';
import type { Connection } from '../../src/server/connection';
import { answering, connected, listening } from './libraryWindow';
import { at, closeAll, disk, eventually, open, put } from './support';

const FILE = 'prompts/custom/reviewed.json';
const CONTENT =
  'You should please try to basically summarize the notes if possible.\n\n' +
  'It is very important that you maybe keep it quite short.\n\nThe notes:\n\n<<notes>>\n';

suite('reviews', () => {
  let connection: Connection;
  let source: ReviewSource;
  let tree: ReviewTree;

  setup(async () => {
    connection = await connected();
    source = new ReviewSource(connection);
    tree = new ReviewTree(source);
    await write(CONTENT);
  });
  teardown(async () => {
    tree.dispose();
    source.dispose();
    await closeAll();
    for (const each of [FILE, '.promptbits/reviews.json']) await rm(at(each).fsPath, { force: true });
    await eventually('no reviews', async () => (await asked()).length === 0);
  });

  async function write(content: string): Promise<void> {
    const template = JSON.parse(await disk('prompts/custom/report.json')) as Record<string, unknown>;
    const variables = { notes: { type: 'string', required: true } };
    await put(FILE, `${JSON.stringify({ ...template, id: 'reviewed', content, variables }, undefined, 2)}\n`);
  }

  /** The prompt in its editor, as it is on the disk. */
  async function opened(): Promise<void> {
    const document = await open(FILE);
    await eventually('the text on the disk', async () => document.getText() === (await disk(FILE)));
  }

  async function asked(): Promise<Review[]> {
    return (await connection.request(reviews, {})).reviews;
  }

  /** Optimizes the prompt in its editor; its review as the view has it. */
  async function optimized(): Promise<ReviewRow> {
    await opened();
    const { told, answers } = listening();
    await answering(answers, () => vscode.commands.executeCommand('promptbits.optimizePrompt'));
    assert.match(told.join(), /^PromptBits: review \d+: \d+ proposals? · /);
    return await openReview();
  }

  function openReview(): Promise<ReviewRow> {
    return eventually('the review', async () => (await tree.getChildren()).find((row) => row.kind === 'review'));
  }

  async function candidates(row: Row): Promise<CandidateRow[]> {
    return (await tree.getChildren(row)).filter((each) => each.kind === 'candidate');
  }

  async function first(row: ReviewRow): Promise<{ row: CandidateRow; text: string }> {
    const [found] = await candidates(row);
    assert.ok(found, 'nothing is proposed');
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(found.candidate.document));
    return { row: found, text: document.getText() };
  }

  function diff(): vscode.TabInputTextDiff | undefined {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputTextDiff ? input : undefined;
  }

  function contentOf(text: string): string {
    return (JSON.parse(text) as { content: string }).content;
  }

  /** Runs a command; what it told. */
  async function telling(command: string, ...given: unknown[]): Promise<string> {
    const { told, answers } = listening();
    await answering(answers, () => vscode.commands.executeCommand(command, ...given));
    return told.join('\n');
  }

  test('what is proposed shows in the view, and a click compares it in read-only documents', async () => {
    const review = await optimized();
    const item = tree.getTreeItem(review);
    assert.deepEqual([item.label, item.contextValue], ['reviewed', 'review.open']);
    assert.match(String(item.description), /^#\d+ · \d+ proposals? · /);
    const [row, ...more] = await candidates(review);
    assert.equal(1 + more.length, review.review.candidates.length);
    assert.ok(row);
    const drawn = tree.getTreeItem(row);
    const given: unknown[] = drawn.command?.arguments ?? [];
    await vscode.commands.executeCommand(drawn.command?.command ?? '', ...given);
    const shown = await eventually('the comparison', diff);
    const [before, after] = [await textOf(shown.original), await textOf(shown.modified)];
    assert.equal(before, CONTENT);
    assert.notEqual(after, CONTENT);
    assert.match(after, /<<notes>>/);
    await eventually('its editor', () => vscode.window.activeTextEditor?.document.uri.scheme === 'promptbits-review');
    await vscode.commands.executeCommand('type', { text: 'typed' });
    assert.equal(await textOf(shown.modified), after);
  });

  test('a lens leads to the comparison', async () => {
    const { review } = await optimized();
    const lens = await eventually('the lens', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', at(FILE));
      return found.find(({ command }) => command?.command === 'promptbits.review');
    });
    assert.equal(lens.command?.title, review.summary);
    const given: unknown[] = lens.command.arguments ?? [];
    await vscode.commands.executeCommand('promptbits.review', ...given);
    const shown = await eventually('the comparison', diff);
    assert.equal(shown.modified.toString(), vscode.Uri.parse(firstCandidate(review)?.document ?? '').toString());
  });

  test('what a code action has proposed is told, and what goes on from a candidate; its button compares', async () => {
    const told: string[] = [];
    const compare = (message: string, ...buttons: string[]): Promise<string | undefined> => {
      told.push(message);
      return Promise.resolve(buttons[0]);
    };
    await answering({ showInformationMessage: compare, showErrorMessage: compare }, async () => {
      await vscode.commands.executeCommand('promptbits.optimize', at(FILE).toString());
      const shown = await eventually('the comparison', diff);
      assert.equal(await textOf(shown.original), CONTENT);
      await closeAll();
      const { row } = await first(await openReview());
      await vscode.commands.executeCommand('promptbits.reviews.refine', row);
    });
    assert.equal(told.length, 2, told.join('\n'));
    const numbers = told.map((message) => /^PromptBits: review (\d+): /.exec(message)?.[1]);
    assert.ok(numbers[0] && numbers[1] && numbers[0] !== numbers[1], told.join('\n'));
  });

  test('where nothing is proposed, the button shows the whole review: why', async () => {
    const told: string[] = [];
    const show = (message: string, ...buttons: string[]): Promise<string | undefined> => {
      told.push(message);
      return Promise.resolve(buttons[0]);
    };
    await write('Greet <<notes>>.\n');
    await opened();
    await answering({ showInformationMessage: show }, async () => {
      await vscode.commands.executeCommand('promptbits.optimizePrompt');
      const shown = await eventually('the review', () => {
        const document = vscode.window.activeTextEditor?.document;
        return document?.uri.scheme === 'promptbits-review' && document;
      });
      assert.match(shown.getText(), /^# Review \d+: reviewed/);
    });
    assert.match(told.join(), /^PromptBits: review \d+: no proposals\.$/);
  });

  test('accepted in place: the file has the text, and has the old one again once that is undone', async () => {
    const { row, text } = await first(await optimized());
    const before = await disk(FILE);
    assert.match(await telling('promptbits.reviews.acceptInPlace', row), /^PromptBits: reviewed has the text of /);
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    assert.equal(document.uri.toString(), at(FILE).toString());
    assert.equal(document.isDirty, true);
    assert.equal(contentOf(document.getText()), text);
    await eventually('what was decided', async () =>
      (await tree.getChildren()).every(({ kind }) => kind === 'decided'),
    );
    const [decided] = await tree.getChildren((await tree.getChildren())[0]);
    assert.ok(decided?.kind === 'review');
    assert.match(String(tree.getTreeItem(decided).description), /candidate 1 accepted in place/);
    await vscode.commands.executeCommand('undo');
    await eventually('the old text', () => document.getText() === before);
  });

  test('accepted as a new revision: a new file on the disk, and the old one as it was', async () => {
    const { row, text } = await first(await optimized());
    const before = await disk(FILE);
    assert.match(await telling('promptbits.reviews.acceptAsRevision', row), /It is served once it is promoted/);
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    const name = vscode.workspace.asRelativePath(document.uri);
    try {
      assert.match(name, /^prompts\/learned\/reviewed/);
      assert.equal(contentOf(await disk(name)), text);
      assert.equal((JSON.parse(await disk(name)) as { parent: string }).parent, 'reviewed');
      assert.equal(await disk(FILE), before);
    } finally {
      await rm(document.uri.fsPath, { force: true });
    }
  });

  test('rejected with a reason; without one nothing happens', async () => {
    const row = await optimized();
    const leave = (): Promise<undefined> => Promise.resolve(undefined);
    await answering({ showInputBox: leave }, () => vscode.commands.executeCommand('promptbits.reviews.reject', row));
    assert.equal((await asked())[0]?.status, 'open');
    const refused: unknown[] = [];
    const say = async (options: vscode.InputBoxOptions): Promise<string> => {
      refused.push(await options.validateInput?.('  '), await options.validateInput?.('reads badly'));
      return ' reads badly ';
    };
    const { told, answers } = listening();
    await answering({ ...answers, showInputBox: say }, () =>
      vscode.commands.executeCommand('promptbits.reviews.reject', row),
    );
    assert.deepEqual(refused, ['Say why.', undefined]);
    assert.match(told.join(), /is rejected: reads badly\.$/);
    await eventually('what was decided', async () => (await tree.getChildren())[0]?.kind === 'decided');
  });

  test('a text that has changed since: nothing is accepted before it is rebased', async () => {
    const { row } = await first(await optimized());
    const added = `${CONTENT}\nAnswer in French.\n`;
    await write(added);
    await eventually('a stale review', async () => {
      return tree.getTreeItem(await openReview()).contextValue === 'review.stale';
    });
    assert.match(await telling('promptbits.reviews.acceptInPlace', row), /changed/);
    assert.equal(contentOf(await disk(FILE)), added);
    assert.match(await telling('promptbits.reviews.rebase', row), /^PromptBits: review \d+: /);
    const rebased = await eventually('the rebased review', async () => {
      const found = await openReview();
      return tree.getTreeItem(found).contextValue === 'review.open' && found;
    });
    await eventually('its new basis', async () => (await textOf(vscode.Uri.parse(rebased.review.basis))) === added);
  });
});

async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}
