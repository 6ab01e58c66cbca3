/** The page of the statistics: figures and charts of one text, the revisions side by side, the days as a table. */
import type { MeasuredText, Statistics } from '../src/protocol';
import type { FromStatistics, ToStatistics } from '../src/webview/messages';
import { element, replace, root, setText } from './dom';
import { connect, type Channel } from './host';
import { Charts } from './statistics/charts';
import { daysTable } from './statistics/days';
import { figures } from './statistics/figures';
import { howToMeasure } from './statistics/howToMeasure';
import { Revisions } from './statistics/revisions';

const host: Channel<FromStatistics, ToStatistics> = connect();

const title = element('h1', { test: 'statistics-title' });
const which = element('p', { class: 'which', test: 'statistics-which' });
const banner = element('div', { class: 'banner', role: 'alert', hidden: true, test: 'statistics-problem' });
const notes = element('ul', { class: 'notes', 'aria-label': 'Notes', test: 'statistics-notes' });
const state = element('span', { class: 'state', role: 'status', test: 'statistics-state' });
const above = element('div', {});
const below = element('div', {});
const charts = new Charts();
const revisions = new Revisions({
  choose: ({ current, contentSha256, id }) =>
    host.post({ type: 'choose', text: current ? null : { contentSha256, id } }),
  open: (uri) => host.post({ type: 'open', uri }),
});

/** The prompt, and its numbers as they are drawn. */
let shown = '';
let drawn = '';

function receive(message: ToStatistics): void {
  switch (message.type) {
    case 'statistics':
      turnTo(message.uri);
      document.body.classList.remove('stale');
      banner.hidden = true;
      return update(message.statistics, message.chartedId);
    case 'failed':
      turnTo(message.uri);
      document.body.classList.add('stale');
      if (!title.textContent) setText(title, message.name);
      banner.hidden = false;
      setText(state, '');
      return setText(banner, message.message);
    case 'copied':
      setText(state, 'Copied');
  }
}

/** Forgets the numbers of another prompt: they must not stand below the name of this one. */
function turnTo(uri: string): void {
  if (uri === shown) return;
  shown = uri;
  drawn = '';
  host.keep({ uri });
  for (const each of [title, which, notes, above, below]) replace(each);
  charts.show([]);
  revisions.root.hidden = true;
}

/** Draws what is new; else what is selected and scrolled stays so. */
function update(statistics: Statistics, chartedId: string): void {
  const now = JSON.stringify([statistics, chartedId]);
  if (now !== drawn) draw(statistics, chartedId);
  drawn = now;
}

function draw({ id, texts, days, contentSha256, notes: sentences }: Statistics, chartedId: string): void {
  const same = texts.filter((text) => text.contentSha256 === contentSha256);
  const charted = same.find((text) => text.id === chartedId) ?? same[0];
  setText(title, id);
  setText(which, charted ? described(charted, id) : '');
  setText(state, '');
  note(sentences.length > 0 || charted ? sentences : ['This text is not measured yet.']);
  replace(above, charted ? figures(charted) : howToMeasure(id, (text) => host.post({ type: 'copy', text })));
  charts.show(charted ? days : []);
  revisions.root.hidden = texts.length === 0;
  revisions.show(texts, charted);
  const open = below.querySelector('details')?.open ?? false;
  replace(below, charted && days.length > 0 && daysTable(days, open));
}

/** Which text it is: `revision 2, as it stands in the editor`. */
function described({ id, revision, current, contentSha256 }: MeasuredText, own: string): string {
  const text = current ? 'as it stands in the editor' : `another text (${contentSha256.slice(0, 8)})`;
  return [id !== own && id, revision !== null && `revision ${revision}`, text].filter(Boolean).join(', ');
}

function note(sentences: string[]): void {
  notes.hidden = sentences.length === 0;
  const said = [...notes.children].map((each) => each.textContent);
  if (said.join('\n') !== sentences.join('\n')) replace(notes, ...sentences.map((each) => element('li', {}, each)));
}

const header = element('header', { class: 'bar' }, title, which, state);
replace(root(), header, banner, notes, above, charts.root, revisions.root, below);
setText(state, 'Loading…');
host.start(receive);
