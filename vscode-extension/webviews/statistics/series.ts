/** Days to the columns that a chart draws. A day without data is a gap: null, never zero. */
import type { Day } from '../../src/protocol';

export const DAY = 86_400;

type Column = (number | null)[];

export interface Series {
  /** Every day from the first to the last, in seconds since 1970, UTC midnight. */
  x: number[];
  /** What the server sent for each of them; undefined for a day without executions. */
  days: (Day | undefined)[];
  /** Rates in percent. */
  rate: Column;
  low: Column;
  high: Column;
  conversations: Column;
  /** Milliseconds. */
  p50: Column;
  p95: Column;
  p99: Column;
}

/** The columns of these days; days that cannot be read are left out. */
export function series(days: Day[]): Series {
  const byTime = new Map<number, Day>();
  for (const day of days) {
    const time = Date.parse(`${day.day}T00:00:00Z`) / 1000;
    if (Number.isFinite(time)) byTime.set(time, day);
  }
  const x = everyDay([...byTime.keys()]);
  const column = (value: (day: Day) => number | null): Column =>
    x.map((time) => {
      const day = byTime.get(time);
      return day ? value(day) : null;
    });
  const percent = (share: number | null) => (share === null ? null : share * 100);
  return {
    x,
    days: x.map((time) => byTime.get(time)),
    rate: column((day) => percent(day.rate)),
    low: column((day) => percent(day.low)),
    high: column((day) => percent(day.high)),
    conversations: column((day) => day.conversations),
    p50: column((day) => day.latency.p50),
    p95: column((day) => day.latency.p95),
    p99: column((day) => day.latency.p99),
  };
}

/** Stretches of neighbouring days on which both columns have a value: first and last index of each. */
export function stretches(low: Column, high: Column): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < low.length; at++) {
    if (low[at] === null || high[at] === null) continue;
    const last = found.at(-1);
    if (last && last[1] === at - 1) last[1] = at;
    else found.push([at, at]);
  }
  return found;
}

/** Whether a column has anything to draw. */
export function hasValues(column: Column): boolean {
  return column.some((value) => value !== null);
}

function everyDay(times: number[]): number[] {
  if (times.length === 0) return [];
  const first = Math.min(...times);
  const last = Math.max(...times);
  return Array.from({ length: Math.round((last - first) / DAY) + 1 }, (_, at) => first + at * DAY);
}
