/** The numbers of the statistics: in words, and as columns with gaps. */
import { describe, expect, test } from 'vitest';
import type { Day } from '../../src/protocol';
import {
  counted,
  dayName,
  dollars,
  duration,
  interval,
  latencies,
  number,
  percent,
  points,
  whole,
} from '../../webviews/statistics/format';
import { DAY, hasValues, series, stretches } from '../../webviews/statistics/series';

function day(name: string, more: Partial<Day> = {}): Day {
  const rate = { conversations: 4, successes: 3, rate: 0.75, low: 0.3, high: 0.95 };
  return { day: name, executions: 5, latency: { p50: 100, p95: 200, p99: 300 }, ...rate, ...more };
}

describe('columns', () => {
  test('days without data are gaps, not zeros', () => {
    const found = series([day('2026-02-27'), day('2026-03-02', { rate: 0, low: 0, high: 0.6, successes: 0 })]);
    expect(found.x).toHaveLength(4);
    expect(found.x.map((time, at) => time - at * DAY)).toEqual(Array(4).fill(Date.UTC(2026, 1, 27) / 1000));
    expect(found.rate).toEqual([75, null, null, 0]);
    expect(found.high).toEqual([95, null, null, 60]);
    expect(found.conversations).toEqual([4, null, null, 4]);
    expect(found.p95).toEqual([200, null, null, 200]);
    expect(found.days.map((each) => each?.day)).toEqual(['2026-02-27', undefined, undefined, '2026-03-02']);
  });

  test('a day with runs but no outcome has no rate, and a bar of no height', () => {
    const unknown = day('2026-01-01', { conversations: 0, successes: 0, rate: null, low: null, high: null });
    const found = series([unknown]);
    expect([found.rate, found.low, found.conversations]).toEqual([[null], [null], [0]]);
    expect(hasValues(found.rate)).toBe(false);
    expect(hasValues(found.conversations)).toBe(true);
  });

  test('a change of the clock makes no day longer', () => {
    const year = series([day('2026-01-01'), day('2026-12-31')]);
    expect(year.x).toHaveLength(365);
    expect(year.x.at(-1)).toBe(Date.UTC(2026, 11, 31) / 1000);
  });

  test('nothing, and what is no day', () => {
    expect(series([]).x).toEqual([]);
    expect(series([day('soon'), day('2026-01-01')]).x).toHaveLength(1);
  });

  test('the band is in stretches of neighbouring days', () => {
    expect(stretches([1, 2, null, 3, null, 4, 5], [1, 2, null, 3, 9, 4, 5])).toEqual([
      [0, 1],
      [3, 3],
      [5, 6],
    ]);
    expect(stretches([null], [null])).toEqual([]);
  });
});

describe('words', () => {
  test('rates and their intervals', () => {
    expect([0, 0.875, 1, null].map(percent)).toEqual(['0.0 %', '87.5 %', '100.0 %', '–']);
    expect(interval({ low: 0.502, high: 0.6912 })).toBe('[50.2–69.1]');
    expect(interval({ low: null, high: null })).toBe('');
  });

  test('differences have signs, but for zero', () => {
    expect(points({ value: 0.168, low: -0.0104, high: 0.2 })).toBe('+16.8 [−1.0 to +20.0]');
    expect(points({ value: -0.0001, low: -0.1, high: 0.1 })).toBe('0.0 [−10.0 to +10.0]');
    expect(points(null)).toBe('–');
  });

  test('durations', () => {
    const given = [0, 0.126, 9.99, 10.4, 834, 999.4, 999.6, 1234, 119_000, 150_000, null];
    expect(given.map(duration)).toEqual([
      '0 ms',
      '0.13 ms',
      '9.99 ms',
      '10 ms',
      '834 ms',
      '999 ms',
      '1 s',
      '1.23 s',
      '119 s',
      '2.5 min',
      '–',
    ]);
    expect(latencies({ p50: 1, p95: 2, p99: null })).toBe('1 ms / 2 ms / –');
    expect(latencies({ p50: null, p95: null, p99: null })).toBe('–');
  });

  test('numbers and dollars', () => {
    expect([1204, 2.54, null].map(number)).toEqual(['1,204', '2.5', '–']);
    expect([1203.6, null].map(whole)).toEqual(['1,204', '–']);
    expect([0, 1.615, 0.5, 0.0123, 0.000_004_56, 1234, null].map(dollars)).toEqual([
      '$0.00',
      '$1.62',
      '$0.50',
      '$0.012',
      '$0.0000046',
      '$1,234.00',
      '–',
    ]);
    expect([counted(1, 'day'), counted(1200, 'day')]).toEqual(['1 day', '1,200 days']);
  });

  test('days are those of UTC', () => {
    expect(dayName(Date.UTC(2026, 10, 1) / 1000, false)).toBe('1 Nov');
    expect(dayName(Date.UTC(2026, 10, 1) / 1000, true)).toBe('1 Nov 2026');
  });
});
