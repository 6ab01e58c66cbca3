/** Colours at marked places. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { IGrammar } from 'vscode-textmate';
import { loadGrammar, standardType, tokenize } from './grammar';

let grammar: IGrammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

/** The pieces of a text that have a scope, pieces side by side joined. */
function having(text: string, scope: string): string[] {
  const found: string[] = [];
  let last = { line: -1, end: -1 };
  for (const token of tokenize(grammar, text)) {
    if (!token.scopes.some((name) => name === scope || name.startsWith(`${scope}.`))) continue;
    if (last.line === token.line && last.end === token.start) found.push((found.pop() ?? '') + token.text);
    else found.push(token.text);
    last = { line: token.line, end: token.start + token.text.length };
  }
  return found;
}

/** A member with this content, as the json module would write it. */
const content = (text: string): string => `  "content": ${JSON.stringify(text)}, "id": "x"`;
const PLACEHOLDER = 'keyword.control.placeholder';
const NEWLINE = 'constant.character.escape.json';

describe('JSON', () => {
  test('keys, values and marks', () => {
    const text = '{"id": "a\\n", "n": [-1.5e3, true, null]}';
    expect(having(text, 'support.type.property-name')).toEqual(['"id"', '"n"']);
    expect(having(text, 'string.quoted')).toEqual(['"a\\n"']);
    expect(having(text, 'constant.numeric')).toEqual(['-1.5e3']);
    expect(having(text, 'constant.language')).toEqual(['true', 'null']);
    expect(having(text, 'punctuation.separator')).toEqual([':', ',', ':', ',', ',']);
  });

  test('an escape that JSON does not have is marked', () => {
    expect(having('"a\\x \\u12 \\u00e9 \\/"', 'invalid')).toEqual(['\\x', '\\u']);
    expect(having('"a\\x \\u12 \\u00e9 \\/"', 'constant.character.escape')).toEqual(['\\u00e9', '\\/']);
  });

  test('a string without its quote ends with the line', () => {
    const text = '{\n  "description": "half,\n  "content": "# half\n  "id": "x"\n}';
    expect(having(text, 'support.type.property-name')).toEqual(['"description"', '"content"', '"id"']);
    expect(having(text, 'meta.content')).toEqual(['# half']);
    expect(having(text, 'string.quoted').at(-1)).toBe('"x"');
  });

  test.each(['{"content"', '{"content":', '{"content": ', '{"content": "', '{"content": "\\', '{"content" "a"', '"'])(
    'half typed: %s, and the next line is as ever',
    (start) => {
      expect(having(`${start}\n"id": "x"}`, 'support.type.property-name').at(-1)).toBe('"id"');
      expect(having(`${start}\n"id": "x"}`, 'string.quoted').at(-1)).toBe('"x"');
    },
  );

  test('only the string of a member "content" is Markdown', () => {
    for (const text of [
      '{"contents": "# a"}',
      '{"content": ["# a"]}',
      '"\\"content\\": \\"# a\\""',
      '["content", "# a"]',
    ])
      expect(having(text, 'meta.content')).toEqual([]);
    expect(having('{ "content" : "# a" }', 'markup.heading')).toEqual(['# a']);
    expect(having('{"description": "<<a>> and {{ b }}"}', PLACEHOLDER)).toEqual([]);
  });

  test('VS Code knows content as a string, and does not match brackets in it', () => {
    const line = '"content": "a (", "id": ["x"]';
    expect(standardType(grammar, line, line.indexOf('('))).toBe('string');
    expect(standardType(grammar, line, line.indexOf('x'))).toBe('string');
    expect(standardType(grammar, line, line.indexOf('['))).toBe('other');
  });
});

describe('Markdown', () => {
  test.each([
    ['markup.heading', '# A <<x>>\nb\n## C\r\nd #e\n###\n####### f', ['# A <<x>>', '## C\\r', '###']],
    ['markup.bold', 'a **b _c_** d **e\n__f__ g**h** a__b__c ** i **', ['**b _c_**', '__f__', '**h**']],
    ['markup.italic', '*a* b _c_ snake_case_x 2 * 3 * 4 *d\n_e_ *f **g** h*', ['*a*', '_c_', '_e_', '*f **g** h*']],
    ['markup.inline.raw.string', 'a `b` ``c ` d`` `e\n`f', ['`b`', '``c ` d``']],
    ['punctuation.definition.list', '- a\n  * b\n1. c\n\t12) d\n-e\n+', ['-', '*', '1.', '12)', '+']],
    ['markup.quote', '> a\nb > c\n   > d', ['> a', '   > d']],
    [
      'markup.underline.link',
      '[a](b) ![c](d(e)) https://f.g/h. [i] (j)\nhttp://k',
      ['b', 'd(e)', 'https://f.g/h', 'http://k'],
    ],
    ['meta.separator', '---\na ---\n* * *\n--', ['---', '* * *']],
    ['constant.character.escape.markdown', '\\*a\\* \\` \\\\*', ['\\\\*', '\\\\*', '\\\\`']],
  ])('%s', (scope, text, expected) => {
    expect(having(content(text), scope)).toEqual(expected);
  });

  test.each([
    ['backticks', '```ts\n# a\n```\n# b', 'ts', ['\\n# a']],
    ['more of them around', '````\n```\n# a\n````\n# b', undefined, ['\\n```\\n# a']],
    ['tildes', '~~~ py\n# a\n~~~~\n# b', undefined, [' py\\n# a']],
    ['in a list', '- x\n  ```js\n  # a\n  ```\n# b', 'js', ['\\n  # a']],
    ['in a quote', '> ```js\n> # a\n> ```\n# b', 'js', ['\\n> # a']],
    ['CRLF', '```js\r\n# a\r\n```\r\n# b', 'js', ['\\r\\n# a\\r']],
  ])('a fence: %s', (_name, text, language, code) => {
    expect(having(content(text), 'markup.inline.raw.block')).toEqual(code);
    expect(having(content(text), 'keyword.other.fence.language')).toEqual(language ? [language] : []);
    expect(having(content(text), 'markup.heading')).toEqual(['# b']);
  });

  test('a fence that is never closed ends with the string, and backticks on one line are none', () => {
    expect(having(content('```ts\nconst a = "b";'), 'markup.inline.raw.block')).toEqual(['\\nconst a = \\"b\\";']);
    expect(having(content('```ts\nconst a = "b";'), 'support.type.property-name')).toEqual(['"content"', '"id"']);
    expect(having(content('```a``` b\n# c'), 'markup.heading')).toEqual(['# c']);
    expect(having('"content": "```ts\\n\n"id": 1', 'support.type.property-name')).toEqual(['"content"', '"id"']);
  });

  test('a line begins after \\n, and not after a backslash and an n', () => {
    expect(having('"content": "a\\n# b"', 'markup.heading')).toEqual(['# b']);
    expect(having('"content": "a\\u000A# b"', 'markup.heading')).toEqual(['# b']);
    expect(having('"content": "a\\\\n# b"', 'markup.heading')).toEqual([]);
    expect(having('"content": "a\\\\\\n# b"', 'markup.heading')).toEqual(['# b']);
    expect(having('"content": "a\\\\\\\\n# b"', 'markup.heading')).toEqual([]);
    expect(having('"content": "\\\\\\\\\\n"', NEWLINE)).toEqual(['\\\\\\\\\\n']);
  });
});

describe('placeholders', () => {
  test.each([
    [
      'both spellings',
      '<<a>> {{ b }} {{c.d}} {{\te }} <<f.g_1>>',
      ['<<a>>', '{{ b }}', '{{c.d}}', '{{\\te }}', '<<f.g_1>>'],
    ],
    [
      'what only looks like one',
      '<<a >> ${{ b }} $<<c>> <<<d>>> {{{e}}} {{f}}} << g>> 1<<n {{1}} <<é>> {{a-b}} cat <<EOF',
      [],
    ],
    ['escaped', '\\<<a>> \\{{ b }}', []],
    ['a backslash before it', '\\\\<<a>> \\\\\\<<b>> \\\\{{c}}', ['<<a>>', '{{c}}']],
    ['in fenced code, {{x}} is left to the server', '```\n<<a>> {{b}} \\<<c>>\n```\n{{d}}', ['<<a>>', '{{d}}']],
    [
      'in marks',
      '# <<a>>\n**<<b>>** `<<c>>` [<<d>>](<<e>>) > <<f>>',
      ['<<a>>', '<<b>>', '<<c>>', '<<d>>', '<<e>>', '<<f>>'],
    ],
    ['beside quotes', '"<<a>>""{{b}}"', ['<<a>>', '{{b}}']],
  ])('%s', (_name, text, expected) => {
    expect(having(content(text), PLACEHOLDER)).toEqual(expected);
  });
});
