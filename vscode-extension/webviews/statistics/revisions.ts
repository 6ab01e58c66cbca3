/** The revisions side by side; the one that is charted can be chosen. */
import type { MeasuredText } from '../../src/protocol';
import { button, element, replace } from '../dom';
import { dollars, interval, latencies, number, percent, points, UNKNOWN, whole } from './format';

interface Column {
  title: string;
  /** What the numbers are, where the title does not say it all. */
  hint?: string;
  numeric?: boolean;
  cell: (text: MeasuredText) => Node | string;
}

const COLUMNS: Column[] = [
  { title: 'Success rate', hint: 'with its 95 % interval', cell: rateCell },
  { title: 'Conversations', numeric: true, cell: (text) => number(text.conversations) },
  {
    title: 'Against parent',
    hint: 'points, 95 % interval',
    numeric: true,
    cell: differenceCell,
  },
  { title: 'Latency', hint: 'p50 / p95 / p99', numeric: true, cell: (text) => latencies(text.latency) },
  { title: 'Rating', hint: 'mean (count)', numeric: true, cell: rating },
  { title: 'Tokens', hint: 'in / out', numeric: true, cell: tokens },
  { title: 'Cost', hint: 'all runs', numeric: true, cell: (text) => dollars(text.cost) },
];

export interface RevisionEvents {
  choose(text: MeasuredText): void;
  open(uri: string): void;
}

export class Revisions {
  readonly root = element('section', { class: 'revisions', test: 'statistics-revisions' });

  constructor(private readonly events: RevisionEvents) {}

  /** Shows these texts, and which of them is charted. */
  show(texts: MeasuredText[], charted: MeasuredText | undefined): void {
    const focused = document.activeElement?.id ?? '';
    const heading = element('h2', {}, 'Revisions', element('small', {}, 'choose the one to show over time'));
    const head = element('tr', {}, element('th', { scope: 'col' }, 'Revision'), ...COLUMNS.map(headCell));
    const rows = texts.map((text) => this.row(text, text === charted));
    const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
    replace(
      this.root,
      heading,
      element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Revisions' }, table),
    );
    if (focused.startsWith('text-')) document.getElementById(focused)?.focus();
  }

  private row(text: MeasuredText, charted: boolean): HTMLElement {
    const id = `text-${text.id}-${text.contentSha256}`;
    const choice = element('input', { type: 'radio', name: 'text', id, test: `choose-${text.id}` });
    choice.checked = charted;
    choice.addEventListener('change', () => this.events.choose(text));
    const { uri } = text;
    const name = uri
      ? button(text.id, { class: 'link', title: 'Open the JSON file' }, () => this.events.open(uri))
      : element('span', {}, text.id);
    const label = element(
      'label',
      { for: id, title: `text ${text.contentSha256.slice(0, 12)}` },
      text.revision === null ? UNKNOWN : `r${text.revision}`,
    );
    const which = element('th', { scope: 'row' }, choice, label, name, text.current && badge('current'));
    const cells = COLUMNS.map((column) =>
      element('td', { class: column.numeric ? 'numeric' : undefined }, column.cell(text)),
    );
    return element('tr', { class: charted ? 'charted' : undefined }, which, ...cells);
  }
}

function headCell({ title, hint, numeric }: Column): HTMLElement {
  return element(
    'th',
    { scope: 'col', class: numeric ? 'numeric' : undefined },
    title,
    hint && element('small', {}, hint),
  );
}

function badge(text: string): HTMLElement {
  return element('span', { class: 'badge' }, text);
}

/** The rate as a dot on a line from 0 to 100 %, its interval as a bar. */
function rateCell(text: MeasuredText): HTMLElement {
  const words = element('span', { class: 'rate' }, percent(text.rate), element('small', {}, interval(text)));
  if (text.rate === null || text.low === null || text.high === null) return element('div', { class: 'measure' }, words);
  const bar = element('span', { class: 'bar' });
  bar.style.left = `${text.low * 100}%`;
  bar.style.width = `${(text.high - text.low) * 100}%`;
  const dot = element('span', { class: 'dot' });
  dot.style.left = `${text.rate * 100}%`;
  const track = element('span', { class: 'track', 'aria-hidden': 'true' }, bar, dot);
  return element('div', { class: 'measure' }, words, track);
}

/** A difference whose interval leaves out zero is said to be one. */
function differenceCell({ difference }: MeasuredText): HTMLElement | string {
  if (!difference) return UNKNOWN;
  const kind = difference.low > 0 ? 'higher' : difference.high < 0 ? 'lower' : 'open';
  const words = { higher: 'higher', lower: 'lower', open: 'not told apart' }[kind];
  return element('span', { class: `difference ${kind}` }, points(difference), element('small', {}, words));
}

function rating({ rating: { count, mean } }: MeasuredText): string {
  return mean === null ? UNKNOWN : `${mean.toFixed(1)} (${number(count)})`;
}

function tokens({ inputTokens, outputTokens }: MeasuredText): string {
  return inputTokens === null && outputTokens === null ? UNKNOWN : `${whole(inputTokens)} / ${whole(outputTokens)}`;
}
