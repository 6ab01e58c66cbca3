/** The tree of the view: from what the server says of its prompts to rows. Knows no editor. */
import type { Layer, LibraryPrompt, LibraryRoot } from '../protocol';
import { comparison, type Order } from './order';
import { Searcher, words } from './search';
import { counted, grouped } from './wording';

export interface RootRow {
  kind: 'root';
  root: LibraryRoot;
}

export interface LayerRow {
  kind: 'layer';
  root: LibraryRoot;
  layer: Layer;
  /** In no particular order. */
  prompts: LibraryPrompt[];
}

export interface PromptRow {
  kind: 'prompt';
  root: LibraryRoot;
  prompt: LibraryPrompt;
}

export type Row = RootRow | LayerRow | PromptRow;

const LAYERS: readonly Layer[] = ['custom', 'learned', 'builtin'];

/** More rows than anybody reads: a search is made narrower instead. */
export const MOST_FOUND = 500;

/** The library, in an order. Groups are made and sorted when they are first asked for. */
export class Library {
  private readonly layers = new Map<LibraryRoot, LayerRow[]>();
  private readonly rows = new Map<LibraryRoot, Map<LibraryPrompt, PromptRow>>();
  private readonly sorted = new Map<LayerRow, PromptRow[]>();
  private rootRows: RootRow[] | undefined;

  constructor(
    readonly roots: readonly LibraryRoot[],
    readonly order: Order = 'id',
    private readonly searcher = new Searcher(),
  ) {}

  /** The same prompts in another order. */
  in(order: Order): Library {
    return order === this.order ? this : new Library(this.roots, order, this.searcher);
  }

  get size(): number {
    return this.roots.reduce((sum, { prompts }) => sum + prompts.length, 0);
  }

  /** Roots where there are several of them, and layers where there is one. */
  top(): Row[] {
    const [first] = this.roots;
    if (this.roots.length === 1 && first) return this.layersOf(first);
    this.rootRows ??= this.roots.map((root) => ({ kind: 'root', root }));
    return this.rootRows;
  }

  children(row: Row): Row[] {
    if (row.kind === 'root') return this.layersOf(row.root);
    return row.kind === 'layer' ? this.promptsOf(row) : [];
  }

  parent(row: Row): Row | undefined {
    if (row.kind === 'prompt') return this.layersOf(row.root).find(({ layer }) => layer === row.prompt.layer);
    return row.kind === 'layer' ? this.top().find((top) => top.kind === 'root' && top.root === row.root) : undefined;
  }

  /** The row of the first prompt that `matches`. */
  find(matches: (prompt: LibraryPrompt) => boolean): PromptRow | undefined {
    for (const root of this.roots) {
      const prompt = root.prompts.find(matches);
      if (prompt) return this.rowOf(root, prompt);
    }
    return undefined;
  }

  /** What matches a query, the best first and in the order of the view among equals. */
  search(query: string): { found: PromptRow[]; count: number } {
    const terms = words(query);
    const compare = comparison(this.order);
    const matching: { row: PromptRow; score: number }[] = [];
    for (const root of this.roots) {
      for (const prompt of root.prompts) {
        const score = this.searcher.score(prompt, terms);
        if (score !== Infinity) matching.push({ row: this.rowOf(root, prompt), score });
      }
    }
    matching.sort((one, other) => one.score - other.score || compare(one.row.prompt, other.row.prompt));
    return { found: matching.slice(0, MOST_FOUND).map(({ row }) => row), count: matching.length };
  }

  private layersOf(root: LibraryRoot): LayerRow[] {
    let layers = this.layers.get(root);
    if (!layers) {
      const groups = new Map<Layer, LibraryPrompt[]>(LAYERS.map((layer) => [layer, []]));
      for (const prompt of root.prompts) groups.get(prompt.layer)?.push(prompt);
      layers = [...groups].flatMap(([layer, prompts]) =>
        prompts.length ? [{ kind: 'layer', root, layer, prompts }] : [],
      );
      this.layers.set(root, layers);
    }
    return layers;
  }

  private promptsOf(row: LayerRow): PromptRow[] {
    let rows = this.sorted.get(row);
    if (!rows) {
      rows = row.prompts.toSorted(comparison(this.order)).map((prompt) => this.rowOf(row.root, prompt));
      this.sorted.set(row, rows);
    }
    return rows;
  }

  /** One row for each prompt: an editor compares rows by identity. */
  private rowOf(root: LibraryRoot, prompt: LibraryPrompt): PromptRow {
    let rows = this.rows.get(root);
    if (!rows) this.rows.set(root, (rows = new Map<LibraryPrompt, PromptRow>()));
    let row = rows.get(prompt);
    if (!row) rows.set(prompt, (row = { kind: 'prompt', root, prompt }));
    return row;
  }
}

/** Stays the same when prompts change: what is open and selected stays so. */
export function rowId(row: Row): string {
  if (row.kind === 'root') return row.root.uri;
  return row.kind === 'layer' ? `${row.root.uri} ${row.layer}` : `${row.root.uri} ${row.prompt.uri}`;
}

/** What stands above a filtered view. */
export function searchMessage(query: string, count: number, size: number): string {
  const asked = `“${query.trim()}”`;
  if (!count) return `Nothing in ${counted(size, 'prompt')} matches ${asked}.`;
  const said = `${grouped(count)} of ${counted(size, 'prompt')} ${count === 1 ? 'matches' : 'match'} ${asked}`;
  return count > MOST_FOUND ? `${said}: the best ${MOST_FOUND} of them` : said;
}
