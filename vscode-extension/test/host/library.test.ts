/** The library view over the real server: rows, search, order, decorations, and the prompt that is edited. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { ProblemDecorations } from '../../src/library/decorations';
import type { LayerRow, PromptRow, Row } from '../../src/library/model';
import { search } from '../../src/library/searchBox';
import type { LibrarySource } from '../../src/library/source';
import type { LibraryTree, Shown } from '../../src/library/tree';
import { LibraryView } from '../../src/library/view';
import { libraryChanged } from '../../src/protocol';
import { answering, connected, memory, openLibrary, rowNamed } from './libraryWindow';
import { at, closeAll, disk, eventually, open, put } from './support';

suite('library', () => {
  const kept = memory();
  let source: LibrarySource;
  let tree: LibraryTree;
  let opened: Awaited<ReturnType<typeof openLibrary>>;

  setup(async () => {
    opened = await openLibrary(kept);
    ({ source, tree } = opened);
  });
  teardown(async () => {
    tree.dispose();
    source.dispose();
    await closeAll();
  });

  async function layers(): Promise<LayerRow[]> {
    return (await tree.getChildren()).filter((row) => row.kind === 'layer');
  }

  async function rows(): Promise<PromptRow[]> {
    const top = await tree.getChildren();
    const below = await Promise.all(top.map((row) => tree.getChildren(row)));
    return [...top, ...below.flat()].filter((row) => row.kind === 'prompt');
  }

  async function item(id: string): Promise<vscode.TreeItem> {
    const row = (await rows()).find(({ prompt }) => prompt.id === id);
    assert.ok(row, `no row for ${id}`);
    return tree.getTreeItem(row);
  }

  test('layers with their counts, and prompts with what is measured', async () => {
    const found = await layers();
    assert.deepEqual(
      found.map(({ layer }) => layer),
      ['custom', 'learned', 'builtin'],
    );
    for (const row of found) {
      assert.equal(tree.getTreeItem(row).description, String((await tree.getChildren(row)).length));
    }
    assert.match(String((await item('greet')).description), /^80\.0 % of 140/);
    assert.equal((await item('broken')).description, 'not measured');
  });

  test('an item opens its file, and says whether it can be edited', async () => {
    const broken = await item('broken');
    assert.equal(broken.contextValue, 'prompt');
    assert.equal(broken.resourceUri?.fsPath, at('prompts/custom/broken.json').fsPath);
    const given: unknown[] = broken.command?.arguments ?? [];
    await vscode.commands.executeCommand(broken.command?.command ?? '', ...given);
    assert.equal(vscode.window.activeTextEditor?.document.fileName, at('prompts/custom/broken.json').fsPath);
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.isPreview, true);
    const shipped = (await rows()).find(({ prompt }) => prompt.shipped);
    assert.ok(shipped, 'nothing is shipped');
    assert.equal(tree.getTreeItem(shipped).contextValue, 'prompt.shipped');
  });

  test('the tooltip is made when somebody points at a row', async () => {
    const row = (await rows()).find(({ prompt }) => prompt.id === 'greet');
    assert.ok(row);
    const plain = tree.getTreeItem(row);
    assert.equal(plain.tooltip, undefined);
    const { tooltip } = tree.resolveTreeItem(plain, row);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.match(tooltip.value, /The prompt greet[^]*80\\\.0 % of 140 \\\[[^]*Tags: test/);
  });

  test('the server is asked once, until a prompt changes', async () => {
    await tree.getChildren();
    await rows();
    await rows();
    assert.equal(opened.asked(), 1);
    source.refresh();
    assert.equal(opened.asked(), 1, 'nobody wants rows');
    await tree.getChildren();
    assert.equal(opened.asked(), 2);
    const changed = new Promise<void>((resolve) => source.onDidChange(() => resolve()));
    const text = (await disk('prompts/custom/broken.json')).replace('"broken"', '"appeared"');
    const uri = await put('prompts/custom/appeared.json', text);
    await changed;
    await eventually('a row for the new file', () => rowNamed(source, 'appeared'));
    await rm(uri.fsPath);
    await eventually('no row for the file that is gone', async () => !(await rowNamed(source, 'appeared')));
  });

  test('everybody who listens hears of a change: the library and the panels do', async () => {
    const connection = await connected();
    const heard = new Set<string>();
    const listeners = ['one', 'other'].map((name) => connection.onNotification0(libraryChanged, () => heard.add(name)));
    const uri = await put('prompts/custom/heard.json', await disk('prompts/custom/report.json'));
    await eventually('both', () => heard.size === 2);
    await rm(uri.fsPath);
    for (const listener of listeners) listener.dispose();
  });

  test('the search filters while one types; Enter keeps it, Escape goes back', async () => {
    const shown: Shown[] = [];
    tree.onDidShow((each) => shown.push(each));
    await tree.getChildren();
    assert.deepEqual((await typed('brok', 'accept'))[0], 'broken');
    assert.equal(tree.query, 'brok');
    assert.deepEqual([shown.at(-1)?.query, shown.at(-1)?.count], ['brok', (await rows()).length]);
    assert.deepEqual((await typed('report', 'hide')).slice(0, 2), ['report', 'report-brief']);
    assert.equal(tree.query, 'brok');
    tree.query = '';
    assert.equal((await layers()).length, 3);
  });

  /** Types into the box, looks at the ids, and ends it. */
  async function typed(text: string, end: 'accept' | 'hide'): Promise<string[]> {
    const box = new TypedBox();
    return answering({ createInputBox: () => box }, async () => {
      const done = search(tree);
      await eventually('the box', () => box.isShown);
      box.type(text);
      const ids = (await rows()).map(({ prompt }) => prompt.id);
      box[end].fire();
      await done;
      return ids;
    });
  }

  test('the order is remembered', async () => {
    tree.order = 'problems';
    const [custom] = await layers();
    assert.ok(custom);
    assert.equal((await tree.getChildren(custom)).map(idOf)[0], 'broken');
    const again = await openLibrary(kept);
    assert.equal(again.tree.order, 'problems');
    again.tree.order = 'id';
    again.tree.dispose();
    again.source.dispose();
  });

  test('problems are counted in a badge, unless the editor does so itself', async () => {
    const decorations = new ProblemDecorations();
    const uri = at('prompts/custom/worse.json');
    try {
      const row = await rowNamed(source, 'broken');
      assert.ok(row);
      const problems = { errors: 3, warnings: 9 };
      decorations.show([{ ...row.root, prompts: [{ ...row.prompt, uri: uri.toString(), problems }] }]);
      const decoration = decorations.provideFileDecoration(uri);
      assert.deepEqual([decoration?.badge, decoration?.tooltip], ['9+', '3 errors, 9 warnings in this file']);
      const ours = vscode.languages.createDiagnosticCollection('other');
      const told = new Promise<vscode.Uri[]>((resolve) => decorations.onDidChangeFileDecorations(resolve));
      ours.set(uri, [new vscode.Diagnostic(new vscode.Range(0, 0, 0, 1), 'found')]);
      assert.deepEqual((await told).map(String), [uri.toString()]);
      assert.equal(decorations.provideFileDecoration(uri), undefined);
      ours.dispose();
    } finally {
      decorations.dispose();
    }
  });

  test('the view says how many problems there are, and follows the active editor', async () => {
    const revealed: string[] = [];
    const none = (): { dispose(): void } => ({ dispose: () => undefined });
    const treeView = {
      visible: true,
      selection: [] as Row[],
      message: undefined as string | undefined,
      badge: undefined as vscode.ViewBadge | undefined,
      onDidChangeVisibility: none,
      reveal: (row: Row) => Promise.resolve(revealed.push(idOf(row))),
      dispose: () => undefined,
    };
    const view = new LibraryView(treeView as unknown as vscode.TreeView<Row>, source, tree);
    try {
      await tree.getChildren();
      assert.match(treeView.badge?.tooltip ?? '', /^\d+ error.* in \d+ prompt/);
      await open('prompts/learned/report-brief.json');
      await eventually('the row of the file', () => revealed.includes('report-brief'));
      await open('data.json');
      tree.query = 'greet';
      await tree.getChildren();
      assert.match(treeView.message ?? '', /^\d+ of \d+ prompts match(es)? “greet”$/);
      await open('prompts/custom/broken.json');
      assert.deepEqual(revealed, ['report-brief']);
    } finally {
      view.dispose();
      await vscode.commands.executeCommand('setContext', 'promptbits.library.searching', false);
    }
  });

  test('why there is nothing is said in the view', async () => {
    const shown: Shown[] = [];
    const failing = await openLibrary();
    failing.source.roots = () => Promise.reject(new Error('no Python 3.11 was found'));
    failing.tree.onDidShow((each) => shown.push(each));
    assert.deepEqual(await failing.tree.getChildren(), []);
    assert.equal(shown[0]?.problem, 'no Python 3.11 was found');
    failing.tree.dispose();
    failing.source.dispose();
  });

  test('files that come with the server cannot be typed into', () => {
    const readonly = vscode.workspace.getConfiguration('files').get<Record<string, boolean>>('readonlyInclude');
    assert.equal(readonly?.['**/site-packages/promptbits/shipped/**'], true);
  });
});

/** An input box that is typed into: to set the value of a real one tells nobody. */
class TypedBox {
  private readonly changed = new vscode.EventEmitter<string>();
  readonly accept = new vscode.EventEmitter<void>();
  readonly hide = new vscode.EventEmitter<void>();
  readonly onDidChangeValue = this.changed.event;
  readonly onDidAccept = this.accept.event;
  readonly onDidHide = this.hide.event;
  isShown = false;
  value = '';

  type(text: string): void {
    this.value = text;
    this.changed.fire(text);
  }

  show(): void {
    this.isShown = true;
  }

  dispose(): void {
    for (const emitter of [this.changed, this.accept, this.hide]) emitter.dispose();
  }
}

function idOf(row: Row): string {
  return row.kind === 'prompt' ? row.prompt.id : row.kind;
}
