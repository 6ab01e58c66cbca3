/** What both panels share: addresses, the page, and asking for the latest state only. */
import { describe, expect, test } from 'vitest';
import { addressOf, fileAddress, nameOf, samePrompt } from '../../src/webview/address';
import { page } from '../../src/webview/html';
import { Latest } from '../../src/webview/latest';
import { keptUri } from '../../src/webview/messages';

describe('addresses', () => {
  const uri = { scheme: 'file', path: '/a b/x.json', toString: () => 'file:///a%20b/x.json' };

  test.each([
    ['a string, as in a lens', 'file:///x.json', 'file:///x.json'],
    ['a Uri, as in a menu', uri, 'file:///a%20b/x.json'],
    ['an item of the library', { prompt: { uri: 'file:///x.json', id: 'x' } }, 'file:///x.json'],
    ['an item with an address', { label: 'x', resourceUri: uri }, 'file:///a%20b/x.json'],
    ['nothing', undefined, undefined],
    ['something else', { label: 'x', uri: 7 }, undefined],
    ['an empty string', '', undefined],
  ])('%s', (_, argument, address) => {
    expect(addressOf(argument)).toBe(address);
  });

  test('a view is of its file, whichever way it is spelled', () => {
    expect(fileAddress('promptbits-content:/a/x%20y.json.md')).toBe('file:///a/x%20y.json');
    expect(fileAddress('promptbits-content:///a/x.json.md')).toBe('file:///a/x.json');
    expect(samePrompt('promptbits-content:/a/x.json.md', 'file:///a/x.json')).toBe(true);
    expect(samePrompt('file:///a/x.json', 'file:///a/y.json')).toBe(false);
  });

  test('the name is that of the file', () => {
    expect(nameOf('file:///a/greet%20me.json')).toBe('greet me');
    expect(nameOf('promptbits-content:/a/x.prompt.json.md')).toBe('x');
    expect(nameOf('file:///a/%zz.json')).toBe('%zz');
  });

  test('what a page kept is read, whatever it is', () => {
    expect(keptUri({ uri: 'file:///x.json', display: 'text' })).toBe('file:///x.json');
    for (const state of [undefined, null, 'x', {}, { uri: 3 }, { uri: '' }]) expect(keptUri(state)).toBeUndefined();
  });
});

describe('the page', () => {
  const html = page({
    cspSource: 'https://*.csp',
    script: 'https://a/x.js?a&b',
    style: 'https://a/x.css',
    title: '<b>"',
  });

  test('allows what comes from the extension, and nothing inline', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('script-src https://*.csp');
    expect(policy).not.toMatch(/unsafe|data:|blob:/);
    expect(html.match(/<script[^>]*>[^<]/g)).toBeNull();
    expect(html).not.toMatch(/<style|style=|\son\w+=/);
  });

  test('titles are text', () => {
    expect(html).toContain('<title>&lt;b&gt;&quot;</title>');
    expect(html).toContain('src="https://a/x.js?a&amp;b"');
  });
});

describe('the latest state', () => {
  /** A task that ends when it is told to, and notes the state that it started with. */
  function gated() {
    const seen: string[] = [];
    const gates: (() => void)[] = [];
    const subject = { state: '' };
    const latest = new Latest(async () => {
      seen.push(subject.state);
      await new Promise<void>((resolve) => gates.push(resolve));
    }, 0);
    const ask = (state: string) => {
      subject.state = state;
      latest.ask();
    };
    const started = (count: number) => expect.poll(() => gates.length, { interval: 1 }).toBe(count);
    return { latest, seen, gates, ask, started };
  }

  test('one at a time; of what is asked meanwhile the last one counts', async () => {
    const { latest, seen, gates, ask, started } = gated();
    ask('a');
    await started(1);
    for (const state of ['b', 'c', 'd']) ask(state);
    expect(seen).toEqual(['a']);
    gates[0]?.();
    await started(2);
    gates[1]?.();
    await latest.settled();
    expect(seen).toEqual(['a', 'd']);
  });

  test('it can be asked again once all is done', async () => {
    const { latest, seen, gates, ask, started } = gated();
    await latest.settled();
    ask('a');
    await started(1);
    gates[0]?.();
    await latest.settled();
    ask('b');
    await started(2);
    gates[1]?.();
    await latest.settled();
    expect(seen).toEqual(['a', 'b']);
  });
});
