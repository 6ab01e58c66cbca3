/** The form of the preview: which field a variable gets, what is typed, and what is shown of the text. */
import { describe, expect, test } from 'vitest';
import type { Variable } from '../../src/protocol';
import { toHtml } from '../../webviews/preview/markdown';
import { pieces } from '../../webviews/preview/marks';
import {
  asTyped,
  blankIsNone,
  defaultText,
  kindOf,
  sameField,
  shortened,
  suggestions,
  textTyped,
  withoutName,
  withoutValue,
} from '../../webviews/preview/values';

function variable(more: Partial<Variable> = {}): Variable {
  const usual = { name: 'x', description: null, type: 'string' as const, required: true, enum: null, examples: null };
  return { ...usual, undeclared: false, ...more };
}

describe('fields', () => {
  test('by type, and a choice where there is an enum', () => {
    const kinds = (['string', 'number', 'integer', 'boolean', 'array'] as const).map((type) =>
      kindOf(variable({ type })),
    );
    expect(kinds).toEqual(['text', 'number', 'number', 'checkbox', 'list']);
    expect(kindOf(variable({ type: 'integer', enum: [1, 2] }))).toBe('choice');
    expect(kindOf(variable({ enum: [] }))).toBe('text');
  });

  test('values are text as the server reads it', () => {
    expect([true, 1.5, 'a "b"', ['a', 1], null].map(asTyped)).toEqual(['true', '1.5', 'a "b"', '["a",1]', 'null']);
    expect(textTyped('')).toBeUndefined();
    expect(textTyped(' \n')).toBe(' \n');
    expect(blankIsNone(' \n')).toBeUndefined();
    expect(blankIsNone('many')).toBe('many');
  });

  test('defaults, also those that are false or empty', () => {
    expect(defaultText(variable())).toBeNull();
    expect(defaultText(variable({ type: 'boolean', default: false }))).toBe('false');
    expect(defaultText(variable({ default: '' }))).toBe('');
    expect(defaultText(variable({ type: 'array', default: ['a'] }))).toBe('["a"]');
  });

  test('examples are few, and each once', () => {
    expect(suggestions(variable({ examples: ['a', 'a', '', 2, 'b', 'c', 'd', 'e'] }))).toEqual([
      'a',
      '2',
      'b',
      'c',
      'd',
    ]);
    expect(shortened('one\n  two')).toBe('one two');
    expect(shortened('😀'.repeat(40), 5)).toBe('😀😀😀😀…');
  });

  test('a field stays while its variable does', () => {
    expect(sameField(variable(), variable())).toBe(true);
    expect(sameField(variable(), variable({ default: 'a' }))).toBe(false);
  });

  test('what has no value; names of objects are names like any other', () => {
    const variables = [variable(), variable({ name: 'constructor' }), variable({ name: 'y', default: null })];
    expect(withoutValue(variables, new Map())).toEqual(['x', 'constructor']);
    expect(withoutValue(variables, new Map([['x', '']]))).toEqual(['constructor']);
  });

  test('beside its field, a problem does not name it again', () => {
    expect(withoutName("variable 'x' has no value", 'x')).toBe('has no value');
    expect(withoutName("variable 'x': the value is a string", 'x')).toBe('the value is a string');
    expect(withoutName("variable 'xy' has no value", 'x')).toBe("variable 'xy' has no value");
  });
});

describe('placeholders without a value', () => {
  test('are found in both spellings, and nothing is lost', () => {
    const text = '<<a.b>> {{ c }}{{c}} <<a_b>> <<d>> ${{ c }}';
    const found = pieces(text, ['a.b', 'c']);
    expect(found.filter((piece) => piece.open).map((piece) => piece.text)).toEqual([
      '<<a.b>>',
      '{{ c }}',
      '{{c}}',
      '{{ c }}',
    ]);
    expect(found.map((piece) => piece.text).join('')).toBe(text);
  });

  test('none are open where every variable has a value', () => {
    expect(pieces('<<a>>', [])).toEqual([{ text: '<<a>>', open: false }]);
    expect(pieces('', ['a'])).toEqual([]);
  });
});

describe('as Markdown', () => {
  test('a prompt is never HTML', () => {
    const html = toHtml(
      '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> **<b onclick=x>**\n\n<rules>be kind</rules>',
    );
    expect(html).not.toMatch(/<(script|img|b |rules)/);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain('&lt;rules&gt;be kind');
  });

  test('images are not fetched, and links lead to the web only', () => {
    expect(toHtml('![a <b>](https://x/y.png)')).toBe('<p>[image: a &lt;b&gt;]</p>\n');
    const html = toHtml(
      '[a](javascript:x) [b](command:evil) [c](file:///etc/passwd) [d](https://x) [e](data:text/html,x)',
    );
    expect(html.match(/href="[^"]*"/g)).toEqual(['href="https://x"']);
  });
});
