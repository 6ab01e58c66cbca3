/** The numbers behind the charts, for who reads rather than looks. */
import type { Day } from '../../src/protocol';
import { element } from '../dom';
import { counted, duration, interval, number, percent } from './format';

const HEAD = ['Day (UTC)', 'Success rate', '95 % interval', 'Succeeded', 'Conversations', 'Runs', 'p50', 'p95', 'p99'];

/** A table of every day with executions, the newest first, folded unless it was open. */
export function daysTable(days: Day[], open: boolean): HTMLElement {
  const head = element(
    'tr',
    {},
    ...HEAD.map((name, at) => element('th', { scope: 'col', class: at > 0 && 'numeric' }, name)),
  );
  const rows = [...days].reverse().map(row);
  const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
  const scroll = element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Numbers by day' },
    table,
  );
  const summary = element('summary', {}, `Numbers of ${counted(days.length, 'day')}`);
  return element('details', { class: 'days', open, test: 'statistics-days' }, summary, scroll);
}

function row(day: Day): HTMLElement {
  const { p50, p95, p99 } = day.latency;
  const counts = [day.successes, day.conversations, day.executions].map(number);
  const cells = [percent(day.rate), interval(day), ...counts, ...[p50, p95, p99].map(duration)];
  const name = element('th', { scope: 'row' }, day.day);
  return element('tr', {}, name, ...cells.map((cell) => element('td', { class: 'numeric' }, cell)));
}
