/** Whatever a prompt holds, a string of the grammar is a string of JSON; and long lines take no time. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { IGrammar } from 'vscode-textmate';
import { loadGrammar, tokenize } from './grammar';

let grammar: IGrammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** Where strings of valid JSON begin and end: `line:character` of their quotes. */
function quotes(json: string): string[] {
  const found: string[] = [];
  for (const [line, text] of json.split('\n').entries()) {
    let inside = false;
    for (let at = 0; at < text.length; at++) {
      if (text[at] === '"') {
        inside = !inside;
        found.push(`${String(line)}:${String(at)} ${inside ? 'begins' : 'ends'}`);
      } else if (inside && text[at] === '\\') at++;
    }
  }
  return found;
}

function coloured(json: string): string[] {
  const found: string[] = [];
  for (const token of tokenize(grammar, json)) {
    const place = `${String(token.line)}:${String(token.start)}`;
    const ends = /^punctuation\.(?:definition\.string|support\.type\.property-name)\.(begin|end)\.json$/;
    for (const scope of token.scopes) {
      const end = ends.exec(scope);
      if (end)
        found.push(`${place} ${end[1] === 'begin' ? 'begins' : 'ends'}${token.text === '"' ? '' : ' with more'}`);
    }
  }
  return found;
}

/** Random numbers that are the same in each run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Everything that begins, ends or escapes something, in Markdown, in templates and in JSON.
const PIECES = [
  ...['"', '\\', '\\\\', '\n', '\r\n', '\t', '\r', 'n', 'u000a', ' ', '  ', 'a', 'word ', 'é', '😀', '\u2028', '\0'],
  ...[
    '#',
    '# ',
    '- ',
    '1. ',
    '> ',
    '```',
    '````',
    '~~~',
    '`',
    '``',
    '*',
    '**',
    '_',
    '__',
    '[',
    ']',
    '](',
    '(',
    ')',
    '![',
  ],
  ...['<<', '>>', '<<a>>', '{{', '}}', '{{ b }}', '$', '<', '>', '{', '}', ':', ',', '"content": "', 'https://a.b/c'],
];

describe('strings', () => {
  test('3,000 prompts of what is troublesome', () => {
    const next = random(20261120);
    const some = (count: number): string => {
      let text = '';
      for (let i = 0; i < count; i++) text += PIECES[Math.floor(next() * PIECES.length)] ?? '';
      return text;
    };
    for (let round = 0; round < 3000; round++) {
      const prompt = { [some(2)]: some(4), content: some(1 + Math.floor(next() * 40)), tags: [some(3)], last: 1 };
      const source = JSON.stringify(prompt, undefined, round % 2 ? 2 : 0);
      // The same text, written otherwise: with the optional escapes.
      const json =
        round % 3 ? source : source.replace(/\\n/g, (end, at: number) => (odd(source, at) ? '\\u000a' : end));
      expect(JSON.parse(json)).toEqual(prompt);
      expect(coloured(json).join('\n'), json).toBe(quotes(json).join('\n'));
    }
  });

  test('1,000 prompts that are cut off somewhere: the line after them is as ever', () => {
    const next = random(7);
    for (let round = 0; round < 1000; round++) {
      let content = '';
      for (let i = 0; i < 20; i++) content += PIECES[Math.floor(next() * PIECES.length)] ?? '';
      const whole = JSON.stringify({ id: 'x', content, tags: ['y'] });
      const text = `${whole.slice(0, Math.floor(next() * whole.length))}\n"last": "z"`;
      const last = coloured(text).filter((place) => place.startsWith('1:'));
      expect(last, text).toEqual(['1:0 begins', '1:5 ends', '1:8 begins', '1:10 ends']);
    }
  });
});

/** Whether the backslash there is not itself escaped. */
function odd(text: string, at: number): boolean {
  let start = at;
  while (start > 0 && text[start - 1] === '\\') start--;
  return (at - start) % 2 === 0;
}

describe('lines of 105 KB', () => {
  const section =
    '## A heading with `code`\n\nSome *prose* about <<subject>>, with **strong words**, [a link](https://a.b/c) and "quotes".\n' +
    '\n- an item with {{ name }}\n- another\n\n```ts\nconst a = { b: "c" };\n```\n\n> A quote, and snake_case_words.\n\n';
  // What makes rules look ahead or look again, over and over.
  const hostile = [
    '*a ',
    '**a ',
    '_a ',
    '*a _b **c ',
    '`a ``',
    '[a](b ',
    '\n*a',
    '\n# ',
    '\n```',
    '"',
    '\\',
    '\n[a](b) ',
    '<<a',
  ];

  const content = (piece: string): string =>
    `  "content": ${JSON.stringify(piece.repeat(Math.ceil(105_000 / (JSON.stringify(piece).length - 2))))},`;

  /** Milliseconds of processor time, the best of three: other programs may be at work. */
  const cost = (line: string): number => {
    grammar.tokenizeLine(line.slice(0, 2000), null);
    const times = [1, 2, 3].map(() => {
      const start = process.cpuUsage();
      grammar.tokenizeLine(line, null);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    console.info(`${String(line.length)} characters: ${Math.min(...times).toFixed(0)} ms`);
    return Math.min(...times);
  };

  test('prose: VS Code gives up on a line after half a second', () => {
    expect(cost(content(section))).toBeLessThan(500);
  });

  test.each(hostile)('%j costs no more than its length', (piece) => {
    // A rule that looks at the rest of the line each time takes ten seconds and more.
    expect(cost(content(piece))).toBeLessThan(2000);
  });
});
