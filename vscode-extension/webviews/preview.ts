/** The page of the preview: the form on one side, the rendered prompt on the other. */
import type { Preview } from '../src/protocol';
import type { FromPreview, ToPreview } from '../src/webview/messages';
import { button, element, replace, root, setText } from './dom';
import { connect, type Channel } from './host';
import { Form } from './preview/form';
import { Output, type Display } from './preview/output';

const host: Channel<FromPreview, ToPreview> = connect();
let uri = '';
let preview: Preview | undefined;
/** The prompt that `preview` is of. */
let drawn = '';
let display: Display = host.kept()['display'] === 'markdown' ? 'markdown' : 'text';

const form = new Form((values) => host.post({ type: 'values', uri, values }));
const output = new Output();
const title = button('', { class: 'link', title: 'Open the JSON file', test: 'preview-title' }, () =>
  host.post({ type: 'open' }),
);
const tokens = element('span', { class: 'tokens', test: 'preview-tokens' });
const state = element('span', { class: 'state', role: 'status', test: 'preview-state' });
const banner = element('div', { class: 'banner', role: 'alert', hidden: true, test: 'preview-problems' });
const displays = (['text', 'markdown'] as const).map((each) => {
  const words = { text: 'Text', markdown: 'Markdown' }[each];
  return button(words, { class: 'segment', test: `display-${each}` }, () => choose(each));
});

function choose(chosen: Display): void {
  display = chosen;
  host.keep({ display });
  draw();
}

function receive(message: ToPreview): void {
  switch (message.type) {
    case 'prompt': {
      if (message.uri !== uri) {
        setText(state, '');
        host.keep({ uri: message.uri });
      }
      uri = message.uri;
      setText(title, message.name);
      form.load(message.values);
      return;
    }
    case 'preview':
      if (message.uri !== uri) return;
      preview = message.preview;
      drawn = uri;
      return draw();
    case 'failed':
      if (message.uri !== uri) return;
      if (drawn !== uri) forget();
      document.body.classList.add('stale');
      return complain([message.message]);
    case 'copied':
      setText(state, `Copied ${message.characters.toLocaleString('en')} characters`);
  }
}

/** What is shown is of another prompt, and nothing is known of this one. */
function forget(): void {
  preview = undefined;
  form.clear();
  output.show('', [], 'text');
  setText(tokens, '');
  setText(state, '');
}

function draw(): void {
  displays.forEach((each, at) => each.setAttribute('aria-pressed', String((at === 0) === (display === 'text'))));
  if (!preview) return;
  const { text, variables, problems, complete } = preview;
  document.body.classList.remove('stale');
  setText(title, preview.id);
  setText(tokens, `≈ ${preview.tokens.toLocaleString('en')} tokens (estimate)`);
  form.update(preview);
  const open = form.open(variables);
  const standing = problems.map((problem) => problem.variable).filter((name) => name !== null);
  output.show(text, [...new Set([...open, ...standing])], display);
  complain(problems.filter((problem) => problem.variable === null).map((problem) => problem.message));
  setText(state, complete ? '' : toDo(preview, open));
}

/** What is missing until an application would get this text. */
function toDo({ problems }: Preview, open: string[]): string {
  const missing = problems.filter(({ variable }) => variable !== null && open.includes(variable)).length;
  const wrong = problems.filter(({ variable }) => variable !== null && !open.includes(variable)).length;
  const words = [missing > 0 && `${count(missing, 'value')} missing`, wrong > 0 && `${count(wrong, 'value')} wrong`];
  return words.filter(Boolean).join(', ') || 'does not render';
}

function complain(messages: string[]): void {
  banner.hidden = messages.length === 0;
  replace(banner, ...messages.map((message) => element('p', {}, message)));
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

const bar = element(
  'header',
  { class: 'bar' },
  element('div', { class: 'about' }, element('h1', {}, title), element('p', {}, tokens, state)),
  element('div', { class: 'segments', role: 'group', 'aria-label': 'Shown as' }, ...displays),
  button('Reset', { class: 'secondary', title: 'Give all variables their defaults', test: 'preview-reset' }, () =>
    host.post({ type: 'reset' }),
  ),
  button('Copy', { class: 'primary', title: 'Copy the rendered prompt', test: 'preview-copy' }, () =>
    host.post({ type: 'copy' }),
  ),
);
const sides = element('div', { class: 'sides' }, form.root, output.root);
replace(root(), bar, banner, sides);
draw();
setText(state, 'Loading…');
host.start(receive);
