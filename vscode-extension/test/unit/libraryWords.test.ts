/** What the library says of prompts, ids of new ones, and how often the server is asked. */
import { describe, expect, test } from 'vitest';
import { Cached } from '../../src/library/cached';
import { contentOffset, copyId, idProblem, toKebab } from '../../src/library/ids';
import { badge, description, spoken, success, title, tooltip } from '../../src/library/wording';
import { measured, prompt, root } from './libraryPrompts';

describe('words', () => {
  test('success is honest', () => {
    expect(success(null)).toBe('not measured');
    expect(success(measured(0, 0))).toBe('not measured');
    expect(success(measured(0, 0, { executions: 1 }))).toBe('1 run');
    expect(success(measured(60, 100, { trend: 'up' }))).toBe('60.0 % of 100 ↗');
    expect(success(measured(1, 2, { low: 0.09, high: 0.91 }))).toBe('1 of 2 succeeded');
    expect(success(measured(900, 1204, { trend: 'down', olderText: true }))).toBe('74.8 % of 1,204 ↘ (older text)');
  });

  test('a prompt without an id is called after its file', () => {
    const nameless = prompt('', { uri: 'file:///home/me/prompts/custom/draft.json' });
    expect(title(nameless)).toBe('draft.json');
    expect(spoken(nameless)).toMatch(/^draft\.json, /);
    expect(tooltip(nameless)).toMatch(/^\*\*draft\\.json\*\*/);
    expect(title(prompt('a'))).toBe('a');
  });

  test('a shadowed prompt says so', () => {
    expect(description(prompt('a', { shadowed: true }), 'two')).toBe('shadowed · not measured · two');
    expect(tooltip(prompt('a', { shadowed: true }))).toContain('is served instead');
  });

  test('the tooltip has all that is known', () => {
    const text = tooltip(
      prompt('greet-v2', {
        description: 'Greets *people*,\nby [name](command:evil) $(zap) <b>',
        category: 'Examples',
        tags: ['a_b', 'c'],
        parent: 'greet',
        revision: 2,
        measured: measured(60, 100, { trend: 'down' }),
        problems: { errors: 1, warnings: 2 },
      }),
    );
    expect(text).toContain('**greet\\-v2** · revision 2');
    expect(text).toContain('Greets \\*people\\*, by \\[name\\]\\(command:evil\\) \\$\\(zap\\) \\<b\\>');
    expect(text).toContain('60\\.0 % of 100 \\[50\\.2–69\\.1\\] · p50 827 ms · getting worse ↘');
    expect(text).toContain('1 error, 2 warnings');
    expect(text).toContain('- Category: Examples\n- Tags: a\\_b, c\n- Evolved from greet');
  });

  test('numbers of an older text are marked as such', () => {
    expect(tooltip(prompt('a', { measured: measured(6, 10, { olderText: true }) }))).toContain('older text');
    expect(tooltip(prompt('a'))).toContain('Not measured.');
  });

  test('a screen reader hears the layer, the numbers and the problems', () => {
    const heard = spoken(prompt('a', { layer: 'learned', problems: { errors: 2, warnings: 0 } }));
    expect(heard).toBe('a, Learned, not measured, 2 errors');
  });

  test('the badge counts problems; what several roots list counts once', () => {
    const bad = prompt('bad', { problems: { errors: 1, warnings: 1 } });
    const poor = prompt('poor', { problems: { errors: 0, warnings: 1 } });
    expect(badge([root([bad, prompt('fine')]), root([bad, poor], 'two')])).toEqual({
      value: 3,
      tooltip: '1 error, 2 warnings in 2 prompts',
    });
    expect(badge([root([prompt('fine')])])).toBeNull();
  });
});

describe('ids', () => {
  const here = root([prompt('greet'), prompt('greet-copy'), prompt('plan', { layer: 'builtin', shipped: true })]);

  test.each(['', 'Greet', 'a b', '-a', 'a-', 'a--b', 'é', 'a.json', '../a', 'greet', 'x'.repeat(300)])(
    '%s is refused with a reason',
    (id) => {
      expect(idProblem(id, here)).toMatchObject({ refused: true, message: expect.stringMatching(/.{10}/) as string });
    },
  );

  test('a good id has no problem; one that is taken is refused', () => {
    expect(idProblem('greet-2', here)).toBeNull();
    expect(idProblem('plan', here)).toMatchObject({
      refused: true,
      message: expect.stringContaining('duplicate it') as string,
    });
  });

  test('a copy may keep its id where it is served instead of what it was made of', () => {
    expect(idProblem('plan', here, 'plan')).toMatchObject({
      refused: false,
      message: expect.stringContaining('builtin') as string,
    });
    expect(idProblem('greet', here, 'greet')).toMatchObject({ refused: true });
    expect(idProblem('plan', here, 'greet')).toMatchObject({ refused: true });
  });

  test('what was meant is suggested, and fits the rule', () => {
    expect(toKebab('Greet the Customer!')).toBe('greet-the-customer');
    expect(toKebab('déjàVu')).toBe('deja-vu');
    expect(idProblem('Greet Me', here)?.message).toContain(': greet-me');
    for (const odd of ['Ünder_score', '--x--', '9 Lives', 'ABC']) expect(idProblem(toKebab(odd), here)).toBeNull();
    expect(toKebab('日本')).toBe('');
  });

  test('a copy gets an id that is free', () => {
    expect(copyId('plan', here)).toBe('plan-copy');
    expect(copyId('greet', here)).toBe('greet-copy-2');
    expect(copyId('', here)).toBe('prompt-copy');
  });

  test('the content is found in the file, not in a text about it', () => {
    const text = '{\n  "description": "the \\"content\\": \\"x\\"",\n  "content" : "Hello"\n}';
    expect(text.slice(contentOffset(text))).toBe('Hello"\n}');
    expect(contentOffset('{}')).toBe(0);
  });
});

describe('an answer', () => {
  test('is asked for once, until it is cleared', async () => {
    let asked = 0;
    const cached = new Cached(() => Promise.resolve((asked += 1)));
    expect(await Promise.all([cached.get(), cached.get()])).toEqual([1, 1]);
    cached.clear();
    expect(await cached.get()).toBe(2);
  });

  test('that failed is not kept', async () => {
    const answers = [Promise.reject(new Error('not yet')), Promise.resolve('there')];
    const cached = new Cached(() => answers.shift() ?? Promise.resolve('again'));
    await expect(cached.get()).rejects.toThrow('not yet');
    expect(await cached.get()).toBe('there');
  });

  test('that comes late does not come back once it is cleared', async () => {
    const late: ((value: string) => void)[] = [];
    const cached = new Cached(() => new Promise<string>((resolve) => late.push(resolve)));
    const old = cached.get();
    cached.clear();
    const now = cached.get();
    late[1]?.('new');
    late[0]?.('old');
    expect([await old, await now, await cached.get()]).toEqual(['old', 'new', 'new']);
    expect(late.length).toBe(2);
  });
});
