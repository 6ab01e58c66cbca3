/** The library as the view shows it: groups, orders, search. */
import { describe, expect, test } from 'vitest';
import { Library, MOST_FOUND, rowId, searchMessage, type PromptRow, type Row } from '../../src/library/model';
import { comparison, isOrder, ORDERS } from '../../src/library/order';
import { highlights, words } from '../../src/library/search';
import { anyPrompts, measured, prompt, root } from './libraryPrompts';

function promptRows(library: Library, rows: Row[] = library.top()): PromptRow[] {
  return rows.flatMap((row) => (row.kind === 'prompt' ? [row] : promptRows(library, library.children(row))));
}

const ids = (rows: Row[]): string[] => rows.map((row) => (row.kind === 'prompt' ? row.prompt.id : rowId(row)));

describe('the tree', () => {
  test('one root has its layers at the top; empty ones are left out', () => {
    const library = new Library([root([prompt('b'), prompt('a'), prompt('c', { layer: 'builtin' })])]);
    expect(library.top().map((row) => row.kind === 'layer' && [row.layer, row.prompts.length])).toEqual([
      ['custom', 2],
      ['builtin', 1],
    ]);
    expect(
      ids(
        library
          .top()
          .slice(0, 1)
          .flatMap((row) => library.children(row)),
      ),
    ).toEqual(['a', 'b']);
  });

  test('several roots stand above their layers', () => {
    const library = new Library([root([prompt('a')], 'one'), root([prompt('a')], 'two')]);
    expect(library.top().map((row) => row.kind === 'root' && row.root.name)).toEqual(['one', 'two']);
    expect(new Set(promptRows(library).map(rowId)).size).toBe(2);
  });

  test('no root, no rows', () => {
    expect(new Library([]).top()).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5])('counts add up and each row knows its parent (%i)', (seed) => {
    const roots = Array.from({ length: seed }, (_, n) => root(anyPrompts(seed * 10 + n, 60), `root${n}`));
    const library = new Library(roots);
    const rows = promptRows(library);
    expect(rows.length).toBe(library.size);
    expect(new Set(rows.map((row) => row.prompt))).toEqual(new Set(roots.flatMap(({ prompts }) => prompts)));
    const ofLayers = roots.length === 1 ? library.top() : library.top().flatMap((row) => library.children(row));
    expect(ofLayers.reduce((sum, row) => sum + (row.kind === 'layer' ? row.prompts.length : 0), 0)).toBe(library.size);
    for (const row of rows) {
      const parent = library.parent(row);
      expect(parent && library.children(parent)).toContain(row);
    }
    for (const row of library.top()) expect(library.parent(row)).toBeUndefined();
  });

  test('rows and their ids are the same when asked for again', () => {
    const library = new Library([root(anyPrompts(7, 20))]);
    expect(promptRows(library).every((row, place) => row === promptRows(library)[place])).toBe(true);
    const again = promptRows(new Library([root(anyPrompts(7, 20))]));
    expect(again.map(rowId)).toEqual(promptRows(library).map(rowId));
  });
});

describe('orders', () => {
  test.each(ORDERS.map(({ order }) => order))('%s is a total order', (order) => {
    const compare = comparison(order);
    const prompts = anyPrompts(order.length, 40);
    for (const a of prompts) {
      for (const b of prompts) {
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
        expect(compare(a, b) === 0).toBe(a === b);
        for (const c of prompts) if (compare(a, b) < 0 && compare(b, c) < 0) expect(compare(a, c)).toBeLessThan(0);
      }
    }
    expect(prompts.toSorted(compare)).toEqual(prompts.toReversed().toSorted(compare));
  });

  test('the success rate goes by what is certain; an older text and what is not measured come last', () => {
    const prompts = [
      prompt('unmeasured'),
      prompt('lucky', { measured: measured(2, 2, { low: 0.34, high: 1 }) }),
      prompt('proven', { measured: measured(90, 100, { low: 0.82, high: 0.95 }) }),
      prompt('older', { measured: measured(100, 100, { low: 0.96, high: 1, olderText: true }) }),
      prompt('only-run', { measured: measured(0, 0, { executions: 9 }) }),
    ];
    expect(prompts.toSorted(comparison('rate')).map(({ id }) => id)).toEqual([
      'proven',
      'lucky',
      'older',
      'only-run',
      'unmeasured',
    ]);
  });

  test('problems: one error goes before many warnings', () => {
    const prompts = [
      prompt('clean'),
      prompt('warned', { problems: { errors: 0, warnings: 9 } }),
      prompt('broken', { problems: { errors: 1, warnings: 0 } }),
    ];
    expect(prompts.toSorted(comparison('problems')).map(({ id }) => id)).toEqual(['broken', 'warned', 'clean']);
  });

  test('what was remembered by another version is no order', () => {
    expect(isOrder('rate')).toBe(true);
    expect([isOrder('size'), isOrder(undefined), isOrder(3)]).toEqual([false, false, false]);
  });
});

describe('search', () => {
  const library = new Library([
    root([
      prompt('tagged', { tags: ['rust'] }),
      prompt('rust'),
      prompt('trusty'),
      prompt('described', { description: 'For Rust people' }),
      prompt('crust-part', { description: 'nothing' }),
      prompt('rust-async'),
      prompt('r-u-s-t'),
      prompt('async-rust'),
      prompt('part', { description: 'frustrating' }),
      prompt('other', { description: 'r u s t in a text is no match' }),
    ]),
  ]);

  test('the best fit comes first: exact, start, word, label, part, fuzzy', () => {
    expect(ids(library.search('rust').found)).toEqual([
      'rust',
      'rust-async',
      'async-rust',
      'tagged',
      'crust-part',
      'trusty',
      'described',
      'part',
      'r-u-s-t',
    ]);
  });

  test('each word has to match, in any order and case', () => {
    expect(ids(library.search('  ASYNC rust ').found)).toEqual(['async-rust', 'rust-async']);
    expect(library.search('rust nowhere').count).toBe(0);
  });

  test('equals stand in the order of the view', () => {
    const two = [
      prompt('x-b', { measured: measured(9, 9) }),
      prompt('x-a'),
      prompt('x-c', { measured: measured(99, 99) }),
    ];
    expect(ids(new Library([root(two)]).in('conversations').search('x').found)).toEqual(['x-c', 'x-b', 'x-a']);
  });

  test.each(['rust', 'e', 'web page', 'gt', 'tst', '<<', '.*', 'testing', 'é'])(
    '%s: found ⊆ all; no row twice',
    (query) => {
      const some = new Library([root(anyPrompts(3, 200)), root(anyPrompts(4, 100), 'other')]);
      const { found, count } = some.search(query);
      const all = new Set(promptRows(some));
      expect(found.every((row) => all.has(row))).toBe(true);
      expect(new Set(found).size).toBe(found.length);
      expect(count).toBe(found.length);
      // A longer query finds no more.
      const narrower = new Set(some.search(`${query} re`).found);
      expect([...narrower].every((row) => found.includes(row))).toBe(true);
    },
  );

  test('of many, the best are shown and all are counted', () => {
    const many = new Library([root(anyPrompts(5, MOST_FOUND + 700).map((each) => ({ ...each, category: 'same' })))]);
    const { found, count } = many.search('same');
    expect([found.length, count]).toEqual([MOST_FOUND, MOST_FOUND + 700]);
  });

  test('what matched is highlighted, letter by letter where it was fuzzy', () => {
    expect(highlights('rust-async', words('async ru'))).toEqual([
      [0, 2],
      [5, 10],
    ]);
    expect(highlights('greet', words('gt'))).toEqual([
      [0, 1],
      [4, 5],
    ]);
    expect(highlights('abcd', words('bc abc'))).toEqual([[0, 3]]);
    expect(highlights('greet', words('xyz'))).toEqual([]);
  });

  test('the message says what is filtered, and how many', () => {
    expect(searchMessage(' rust ', 3, 1204)).toBe('3 of 1,204 prompts match “rust”');
    expect(searchMessage('rust', 1, 1)).toBe('1 of 1 prompt matches “rust”');
    expect(searchMessage('x', 0, 40)).toBe('Nothing in 40 prompts matches “x”.');
    expect(searchMessage('x', 7000, 9000)).toBe('7,000 of 9,000 prompts match “x”: the best 500 of them');
  });

  test('10,000 prompts are grouped and searched while somebody types', () => {
    const large = new Library([root(anyPrompts(11, 10_000))]);
    const start = performance.now();
    promptRows(large);
    for (const query of ['r', 're', 'rep', 'report test']) large.search(query);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
