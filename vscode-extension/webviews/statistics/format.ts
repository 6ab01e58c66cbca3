/** Numbers in words: exact enough to compare, short enough to read. What is not known is a dash. */
import type { Latency, Rate } from '../../src/protocol';

export const UNKNOWN = '–';

/** 0.875 as `87.5 %`. */
export function percent(share: number | null): string {
  return share === null ? UNKNOWN : `${oneDecimal(share * 100)} %`;
}

/** The 95 % interval of a rate, as the lens writes it: `[50.2–69.1]`. */
export function interval({ low, high }: Pick<Rate, 'low' | 'high'>): string {
  return low === null || high === null ? '' : `[${oneDecimal(low * 100)}–${oneDecimal(high * 100)}]`;
}

/** A difference of rates in percentage points, with its interval: `+4.2 [−1.0 to +9.4]`. */
export function points(difference: { value: number; low: number; high: number } | null): string {
  if (!difference) return UNKNOWN;
  const { value, low, high } = difference;
  return `${signed(value)} [${signed(low)} to ${signed(high)}]`;
}

/** Milliseconds: `834 ms`, from a second on `1.23 s`, from two minutes on `2.5 min`. */
export function duration(milliseconds: number | null): string {
  if (milliseconds === null) return UNKNOWN;
  if (milliseconds < 10) return `${trimmed(milliseconds, 2)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 120_000) return `${trimmed(milliseconds / 1000, 2)} s`;
  return `${trimmed(milliseconds / 60_000, 1)} min`;
}

/** `p50 / p95 / p99`, in one line. */
export function latencies({ p50, p95, p99 }: Latency): string {
  return [p50, p95, p99].every((value) => value === null) ? UNKNOWN : [p50, p95, p99].map(duration).join(' / ');
}

/** A count or a mean, with commas; halves keep one decimal. */
export function number(value: number | null): string {
  return value === null ? UNKNOWN : value.toLocaleString('en', { maximumFractionDigits: 1 });
}

/** A mean of large counts, without decimals. */
export function whole(value: number | null): string {
  return value === null ? UNKNOWN : Math.round(value).toLocaleString('en');
}

/** Dollars: cents, and below ten cents two digits that say something. */
export function dollars(value: number | null): string {
  if (value === null) return UNKNOWN;
  const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const digits = value === 0 || value >= 0.1 ? cents : { maximumSignificantDigits: 2 };
  return `$${value.toLocaleString('en', digits)}`;
}

/** `1 conversation`, `2 conversations`. */
export function counted(count: number, word: string): string {
  return `${number(count)} ${word}${count === 1 ? '' : 's'}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day in seconds since 1970, UTC, as `20 Nov` or `20 Nov 2026`. */
export function dayName(seconds: number, withYear: boolean): string {
  const date = new Date(seconds * 1000);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return withYear ? `${day} ${date.getUTCFullYear()}` : day;
}

function oneDecimal(value: number): string {
  return value.toFixed(1);
}

function signed(share: number): string {
  const text = oneDecimal(Math.abs(share) * 100);
  return text === '0.0' ? text : `${share < 0 ? '−' : '+'}${text}`;
}

function trimmed(value: number, decimals: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: decimals });
}
