import { describe, expect, it } from 'vitest';
import { jsonPath, movedPath, viewPath } from '../../src/content/address';
import { type Base, Bases } from '../../src/content/bases';
import { type Host, NotSavedError, save } from '../../src/content/saving';
import { bytesOf, difference, hasConflict, looksAlike, textOf } from '../../src/content/text';
import type { SetContentResult } from '../../src/protocol';

const VIEW = 'promptbits-content:/p/a.json.md';

function basesOf(start: Record<string, Base> = {}): Bases {
  let kept = start;
  return new Bases({ load: () => kept, store: (all) => (kept = all) });
}

/** A view that shows a text with nothing unsaved. */
function showing(text: string, version = 'one'): Bases {
  const bases = basesOf();
  bases.read(VIEW, text, version);
  bases.shown(VIEW, text);
  return bases;
}

describe('addresses', () => {
  it.each(['/a/b.json', '/a/b.prompt.json', '/a b/é=1.json', '/x.md'])('%s and back', (path) => {
    expect(jsonPath(viewPath(path))).toBe(path);
  });

  it.each(['/a', '/a/.md', '/', '.md', ''])('%j is no view', (path) => {
    expect(jsonPath(path)).toBeUndefined();
  });

  it.each([
    ['/a/b.json', '/a/b.json', '/a/c.json', '/a/c.json'],
    ['/a/b/c.json', '/a', '/z', '/z/b/c.json'],
    ['/ab/c.json', '/a', '/z', undefined],
    ['/a/b.json', '/a/b.jso', '/z', undefined],
  ])('%s, when %s becomes %s', (path, from, to, expected) => {
    expect(movedPath(path, from, to)).toBe(expected);
  });
});

describe('text', () => {
  it.each(['', 'é\r\n\ud83d\ude00', '\ufeffbegins with a mark'])('%j to bytes and back', (text) => {
    const hadMark = text.startsWith('\ufeff');
    expect(textOf(bytesOf(text, false), hadMark)).toBe(text);
    expect(textOf(bytesOf(text, true), hadMark)).toBe(text);
  });

  it('a mark that only the encoding needs is one mark, and none that was there is doubled', () => {
    expect([...bytesOf('a', true)]).toEqual([0xef, 0xbb, 0xbf, 0x61]);
    expect([...bytesOf('\ufeffa', true)]).toEqual([0xef, 0xbb, 0xbf, 0x61]);
  });

  it.each([[[0xe9]], [[0xff, 0xfe, 0x61, 0x00]], [[0xed, 0xa0, 0x80]]])('%j is no UTF-8', (bytes) => {
    expect(textOf(Uint8Array.from(bytes), false)).toBeUndefined();
  });

  it('looks alike in an editor that holds one kind of line end', () => {
    expect(looksAlike('a\r\nb\rc\n', 'a\nb\nc\n')).toBe(true);
    expect(looksAlike('\ufeffa', 'a')).toBe(true);
    expect(looksAlike('a\n', 'a')).toBe(false);
    expect(looksAlike('a\u2028b', 'a\nb')).toBe(false);
  });

  it('finds the conflict of the server, and not what a prompt says of conflicts', () => {
    expect(hasConflict('a\n<<<<<<< edited here\nb\n=======\nc\n>>>>>>> now in a.json\n')).toBe(true);
    expect(hasConflict('a\r\n<<<<<<< edited here\r\nb\r\n=======\r\nc\r\n>>>>>>> now in a.json')).toBe(true);
    expect(hasConflict('Look for <<<<<<< edited here and >>>>>>> now in a.json')).toBe(false);
    expect(hasConflict('<<<<<<< HEAD\n=======\n>>>>>>> main\n')).toBe(false);
  });

  it.each([
    ['abcd', 'aXcd'],
    ['', 'abc'],
    ['abc', ''],
    ['aaa', 'aa'],
    ['aa', 'aaaa'],
    ['same', 'same'],
    ['abab', 'ab'],
    ['one\ntwo\n', 'zero\none\ntwo\nthree\n'],
  ])('the difference of %j and %j', (from, to) => {
    const { start, end, text } = difference(from, to);
    expect(from.slice(0, start) + text + from.slice(end)).toBe(to);
    expect(start).toBeLessThanOrEqual(end);
  });
});

describe('bases', () => {
  it('a text that was only read is no base: something else may have read it', () => {
    const bases = showing('shown');
    bases.read(VIEW, 'newer', 'two');
    expect(bases.of(VIEW)?.version).toBe('one');
    bases.shown(VIEW, 'newer');
    expect(bases.of(VIEW)?.version).toBe('two');
  });

  it('the editor may be late: it shows what was read before', () => {
    const bases = basesOf();
    bases.read(VIEW, 'first', 'one');
    bases.read(VIEW, 'second', 'two');
    bases.shown(VIEW, 'first');
    expect(bases.of(VIEW)?.version).toBe('one');
  });

  it('an editor that shows what nobody read has no base', () => {
    const bases = basesOf();
    bases.read(VIEW, 'caf\u00e9', 'one');
    bases.shown(VIEW, 'caf\u00c3\u00a9');
    expect(bases.of(VIEW)).toBeUndefined();
  });

  it('line ends that the editor cannot hold make no other text', () => {
    expect(showing('a\r\nb\n').of(VIEW)?.version).toBe('one');
  });

  it('a base outlives the window', () => {
    let kept: Record<string, Base> = {};
    const memory = { load: () => kept, store: (all: Record<string, Base>) => (kept = all) };
    const before = new Bases(memory);
    before.read(VIEW, 'text', 'one');
    before.shown(VIEW, 'text');
    kept = JSON.parse(JSON.stringify(kept)) as Record<string, Base>;
    const after = new Bases(memory);
    after.read(VIEW, 'newer', 'two'); // a diff view reads it while the backup shows what was unsaved
    expect(after.of(VIEW)).toEqual({ version: 'one', marked: false, conflict: false });
  });

  it('a saved text is the base at once; one that was merged only when it is shown', () => {
    const bases = showing('a\nb\n');
    bases.saved(VIEW, 'A\nb\n', { text: 'A\r\nb\r\n', version: 'two' });
    expect(bases.of(VIEW)?.version).toBe('two');
    bases.saved(VIEW, 'A\nB\n', { text: 'A\nB\nc\n', version: 'three' });
    expect(bases.of(VIEW)?.version).toBe('two');
    bases.read(VIEW, 'A\nB\nc\n', 'three');
    bases.shown(VIEW, 'A\nB\nc\n');
    expect(bases.of(VIEW)?.version).toBe('three');
  });

  it('undo that leads to what was shown before is a change, also where the editor does not know yet that it is one', () => {
    const bases = showing('old');
    bases.saved(VIEW, 'new', { text: 'new', version: 'two' });
    bases.shown(VIEW, 'old');
    expect(bases.of(VIEW)?.version).toBe('two');
    bases.read(VIEW, 'reloaded', 'three');
    bases.shown(VIEW, 'reloaded');
    bases.shown(VIEW, 'new');
    expect(bases.of(VIEW)?.version).toBe('three');
  });

  it('undo takes a conflict away with its base, and redo brings both back', () => {
    const bases = showing('a\n');
    const conflict = '<<<<<<< edited here\nmine\n=======\nyours\n>>>>>>> now in a.json\n';
    bases.conflicted(VIEW, 'mine\n', { text: conflict, version: 'two' });
    expect(bases.of(VIEW)).toMatchObject({ version: 'two', conflict: true });
    bases.typed(VIEW, 'mine\n');
    expect(bases.of(VIEW)).toMatchObject({ version: 'one', conflict: false });
    bases.typed(VIEW, conflict);
    expect(bases.of(VIEW)).toMatchObject({ version: 'two', conflict: true });
    bases.typed(VIEW, 'resolved\n');
    expect(bases.of(VIEW)?.version).toBe('two');
  });

  it('follows a view that moves', () => {
    const bases = showing('text');
    bases.moved(VIEW, 'promptbits-content:/p/b.json.md');
    expect(bases.of(VIEW)).toBeUndefined();
    expect(bases.of('promptbits-content:/p/b.json.md')?.version).toBe('one');
  });

  it('remembers the last two hundred', () => {
    const bases = basesOf();
    for (let number = 0; number <= 200; number++) {
      bases.read(`view:${String(number)}`, 'text', 'one');
      bases.shown(`view:${String(number)}`, 'text');
    }
    expect(bases.of('view:0')).toBeUndefined();
    expect(bases.of('view:1')).toBeDefined();
    expect(bases.of('view:200')).toBeDefined();
  });
});

describe('saving', () => {
  const EDIT = { documentChanges: [] };

  interface World extends Host {
    done: string[];
  }

  function world(
    answers: SetContentResult[],
    fails: Partial<Record<'apply' | 'save' | 'show', boolean[]>> = {},
  ): World {
    const done: string[] = [];
    const result = (step: 'apply' | 'save' | 'show') => !(fails[step]?.shift() ?? false);
    return {
      done,
      ask: ({ baseVersion, text }) => {
        done.push(`ask ${baseVersion} ${text}`);
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        return answer ? Promise.resolve(answer) : Promise.reject(new Error('gone'));
      },
      apply: () => Promise.resolve((done.push('apply'), result('apply'))),
      save: () => Promise.resolve((done.push('save'), result('save'))),
      show: (_, text) => Promise.resolve((done.push(`show ${text}`), result('show'))),
    };
  }

  it('asks with the base, applies and saves', async () => {
    const bases = showing('old');
    const host = world([{ edit: EDIT, text: 'new', version: 'two' }]);
    await save(VIEW, 'a.json', 'new', bases, host);
    expect(host.done).toEqual(['ask one new', 'apply', 'save']);
    expect(bases.of(VIEW)?.version).toBe('two');
  });

  it('asks anew where the JSON file has moved on, and gives up in the end', async () => {
    const answer = { edit: EDIT, text: 'new', version: 'two' };
    const host = world([answer], { apply: [true] });
    await save(VIEW, 'a.json', 'new', showing('old'), host);
    expect(host.done).toEqual(['ask one new', 'apply', 'ask one new', 'apply', 'save']);
    const bases = showing('old');
    const never = world([answer], { apply: [true, true, true] });
    await expect(save(VIEW, 'a.json', 'new', bases, never)).rejects.toThrow('a.json was changed at the same time');
    expect(never.done).not.toContain('save');
    expect(bases.of(VIEW)?.version).toBe('one');
  });

  it('shows a conflict, writes nothing, and refuses to write the markers', async () => {
    const text = '<<<<<<< edited here\nnew\n=======\nother\n>>>>>>> now in a.json\n';
    const bases = showing('old');
    const host = world([{ conflict: { text, version: 'two', count: 1 } }]);
    await expect(save(VIEW, 'a.json', 'new', bases, host)).rejects.toThrow('One place was changed here and in a.json');
    expect(host.done).toEqual(['ask one new', `show ${text}`]);
    await expect(save(VIEW, 'a.json', text, bases, host)).rejects.toThrow('resolve the conflict first');
    expect(host.done).toHaveLength(2);
    const after = world([{ edit: EDIT, text: 'both', version: 'three' }]);
    await save(VIEW, 'a.json', 'both', bases, after);
    expect(after.done[0]).toBe('ask two both');
  });

  it('a conflict that cannot be shown changes no base', async () => {
    const bases = showing('old');
    const host = world([{ conflict: { text: 'x', version: 'two', count: 2 } }], { show: [true] });
    await expect(save(VIEW, 'a.json', 'new', bases, host)).rejects.toThrow('save again');
    expect(bases.of(VIEW)?.version).toBe('one');
  });

  it('a JSON file that cannot be saved leaves the base: what it holds is merged the next time', async () => {
    const bases = showing('old');
    const host = world([{ edit: EDIT, text: 'new', version: 'two' }], { save: [true] });
    await expect(save(VIEW, 'a.json', 'new', bases, host)).rejects.toThrow(NotSavedError);
    expect(bases.of(VIEW)?.version).toBe('one');
  });

  it('without a base, or with one that the server forgot, nothing is written', async () => {
    const host = world([]);
    await expect(save(VIEW, 'a.json', 'new', basesOf(), host)).rejects.toThrow('Keep a copy');
    expect(host.done).toEqual([]);
    await expect(save(VIEW, 'a.json', 'new', showing('old'), host)).rejects.toThrow('gone');
    expect(host.done).toEqual(['ask one new']);
  });
});
