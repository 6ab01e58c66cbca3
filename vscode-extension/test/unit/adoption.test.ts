/** Which documents get our language, and when. */
import { beforeEach, expect, test } from 'vitest';
import { Adoption } from '../../src/documents/adoption';
import type { OpenDocument } from '../../src/documents/adoption';

interface Fake extends OpenDocument {
  languageId: string;
}

let open: Fake[];
let running: boolean;
let prompts: (uri: string) => boolean | Promise<boolean>;
let asked: string[];
let adoption: Adoption<Fake>;

beforeEach(() => {
  open = [];
  running = true;
  asked = [];
  prompts = (uri) => uri.includes('/mine/');
  adoption = new Adoption<Fake>({
    documents: () => open,
    running: () => running,
    isPrompt: (uri) => {
      asked.push(uri);
      return Promise.resolve(prompts(uri));
    },
    makePrompt: (document) => change(document, 'promptbit'),
  });
});

async function opened(path: string, languageId = 'json', scheme = 'file'): Promise<Fake> {
  const document = { languageId, uri: { scheme, path, toString: () => `${scheme}://${path}` } };
  open.push(document);
  await adoption.consider(document);
  return document;
}

function close(document: Fake): void {
  open = open.filter((other) => other !== document);
  adoption.closed(document);
}

/** As VS Code tells of another language: closed, and opened, and it is there all the while. */
async function change(document: Fake, languageId: string): Promise<void> {
  document.languageId = languageId;
  adoption.closed(document);
  await adoption.consider(document);
}

test.each([
  ['json', '/mine/a.json', 'file', 'promptbit'],
  ['jsonc', '/mine/a.json', 'file', 'promptbit'],
  ['json', '/other/a.json', 'file', 'json'],
  ['json', '/mine/a.json', 'git', 'json'],
  ['json', '/mine/a.geojson', 'file', 'json'],
  ['plaintext', '/mine/a.json', 'file', 'plaintext'],
])('%s %s of %s becomes %s', async (before, path, scheme, after) => {
  expect((await opened(path, before, scheme)).languageId).toBe(after);
});

test('who changes it back by hand keeps that, until the document is closed', async () => {
  const document = await opened('/mine/a.json');
  await change(document, 'json');
  await adoption.considerAll();
  expect(document.languageId).toBe('json');
  close(document);
  expect((await opened('/mine/a.json')).languageId).toBe('promptbit');
});

test('nor is one changed that was a prompt by its pattern', async () => {
  const document = await opened('/mine/a.json', 'promptbit');
  await change(document, 'jsonc');
  expect([document.languageId, asked]).toEqual(['jsonc', []]);
});

test('a server that starts later is asked about what is open', async () => {
  running = false;
  const document = await opened('/mine/a.json');
  expect([document.languageId, asked]).toEqual(['json', []]);
  running = true;
  await adoption.considerAll();
  expect(document.languageId).toBe('promptbit');
});

test('roots that change are noticed', async () => {
  const document = await opened('/new/a.json');
  expect(document.languageId).toBe('json');
  prompts = () => true;
  await adoption.considerAll();
  expect(document.languageId).toBe('promptbit');
});

test('an answer that comes late changes nothing that was closed or has another language by then', async () => {
  let answer: (prompt: boolean) => void = () => undefined;
  prompts = () => new Promise<boolean>((resolve) => (answer = resolve));
  const pending = opened('/mine/a.json');
  const [closed] = open;
  await adoption.considerAll();
  expect(asked, 'one question at a time').toHaveLength(1);
  if (closed) close(closed);
  answer(true);
  expect((await pending).languageId).toBe('json');

  const changed = opened('/mine/b.json');
  const [document] = open;
  if (document) document.languageId = 'plaintext';
  answer(true);
  expect((await changed).languageId).toBe('plaintext');
});

test('a server that fails leaves it as it is, and is asked again', async () => {
  prompts = () => Promise.reject(new Error('The server has stopped.'));
  const document = await opened('/mine/a.json');
  expect(document.languageId).toBe('json');
  prompts = () => true;
  await adoption.considerAll();
  expect(document.languageId).toBe('promptbit');
});
