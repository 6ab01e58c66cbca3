/** What VS Code takes for a word: what completion replaces and what is looked up. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const { wordPattern } = JSON.parse(
  readFileSync(new URL('../../language-configuration.json', import.meta.url), 'utf8'),
) as { wordPattern: { pattern: string; flags: string } };

test.each([
  ['"id": "nextjs-app-router"', ['id', 'nextjs-app-router']],
  ['<<app_dir>>, {{ a.b }}', ['app_dir', 'a.b']],
  ['"$schema": 0.95', ['$schema', '0.95']],
  // The n of a line end is no letter of the word behind it.
  ['One.\\nTwo \\u00e9t\\u00e9 "\\\\"', ['One', '\\n', 'Two', '\\u00e9', 't', '\\u00e9', '\\\\']],
  ['été, 日本 - x', ['été', '日本', 'x']],
])('%s', (text, words) => {
  expect(text.match(new RegExp(wordPattern.pattern, `g${wordPattern.flags}`))).toEqual(words);
});
