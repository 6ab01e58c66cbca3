/** The figures of one text, large, above its charts. */
import type { MeasuredText } from '../../src/protocol';
import { element } from '../dom';
import { dollars, duration, interval, number, percent, UNKNOWN } from './format';

/** Rate, conversations, latency, rating and cost, each with what it rests on. */
export function figures(text: MeasuredText): HTMLElement {
  const { p50, p95 } = text.latency;
  const shown: [string, string, string][] = [
    [
      'success rate',
      percent(text.rate),
      text.rate === null ? 'no known outcome yet' : `95 % interval ${interval(text)}`,
    ],
    [
      'conversations',
      number(text.conversations),
      `${number(text.successes)} succeeded · ${number(text.executions)} runs`,
    ],
    ['latency p50', duration(p50), `p95 ${duration(p95)}`],
    [
      'rating',
      text.rating.mean === null ? UNKNOWN : text.rating.mean.toFixed(1),
      `${number(text.rating.count)} given, 1 to 5`,
    ],
    ['cost', dollars(text.cost), text.cost === null ? 'none reported' : 'US dollars, all runs'],
  ];
  const items = shown.map(([name, value, more]) =>
    element(
      'div',
      { class: 'figure' },
      element('dt', {}, name),
      element('dd', {}, value),
      element('dd', { class: 'more' }, more),
    ),
  );
  return element('dl', { class: 'figures', test: 'statistics-figures' }, ...items);
}
