/** What was measured of the prompts in the pictures: made up, by a generator that always makes up the same. */

const DAY = 86_400_000;

interface Measured {
  id: string;
  revision: number;
  /** From how many days ago until how many. */
  days: [from: number, until: number];
  /** Conversations on a busy day. */
  busy: number;
  /** The success rate on the first day and on the last. */
  rate: [first: number, last: number];
  milliseconds: number;
  /** Days on which nothing ran. */
  gaps?: number[];
}

const MEASURED: Measured[] = [
  { id: 'support-reply', revision: 1, days: [58, 22], busy: 30, rate: [0.69, 0.67], milliseconds: 1900 },
  {
    id: 'support-reply-v2',
    revision: 2,
    days: [34, 0],
    busy: 38,
    rate: [0.7, 0.86],
    milliseconds: 1500,
    gaps: [8, 19, 20, 21],
  },
  { id: 'release-notes', revision: 1, days: [29, 0], busy: 24, rate: [0.92, 0.91], milliseconds: 2600 },
  { id: 'code-review', revision: 1, days: [29, 0], busy: 40, rate: [0.84, 0.6], milliseconds: 3100 },
  { id: 'meeting-summary', revision: 1, days: [12, 0], busy: 5, rate: [0.8, 0.8], milliseconds: 2200 },
];

/** One fact a line, as `promptbits import` takes them in. The last day is that of `now`. */
export function facts(now: Date): string {
  const random = generator(11);
  const lines: string[] = [];
  for (const each of MEASURED) {
    const [from, until] = each.days;
    for (let day = from; day >= until; day--) {
      const passed = (from - day) / (from - until);
      const rate = each.rate[0] + (each.rate[1] - each.rate[0]) * passed;
      for (let n = each.gaps?.includes(day) ? 0 : conversations(each, day, random); n > 0; n--) {
        const time = new Date(now.getTime() - day * DAY - random() * DAY * 0.1).toISOString();
        lines.push(execution(each, time, rate, random));
        if (random() < 0.08) {
          lines.push(feedback(each, time, rate, random));
        }
      }
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** Many on workdays, few at weekends, wherever these fall. */
function conversations({ busy }: Measured, day: number, random: () => number): number {
  const weekend = day % 7 === 5 || day % 7 === 6;
  return Math.floor(weekend ? busy * (0.08 + random() * 0.12) : busy * (0.4 + random() * 0.6));
}

function execution(each: Measured, time: string, rate: number, random: () => number): string {
  const slow = random() < 0.05 ? 2.5 : 1;
  return JSON.stringify({
    kind: 'execution',
    timestamp: time,
    prompt_id: each.id,
    revision: each.revision,
    outcome: random() < rate ? 'succeeded' : 'failed',
    conversation_id: `${each.id}-${time}-${Math.floor(random() * 1e9)}`,
    execution_time_ms: Math.round(each.milliseconds * (0.6 + random() * 0.9) * slow),
    model: 'large',
    input_tokens: 600 + Math.floor(random() * 400),
    output_tokens: 120 + Math.floor(random() * 120),
    cost_usd: Math.round(2000 + random() * 2000) / 1e6,
  });
}

/** What somebody thought of it: a rating from 1 to 5. */
function feedback({ id, revision }: Measured, timestamp: string, rate: number, random: () => number): string {
  const rating = Math.min(5, Math.max(1, Math.round(1 + rate * 4 + (random() - 0.5) * 2)));
  return JSON.stringify({ kind: 'feedback', timestamp, prompt_id: id, revision, rating });
}

/** Numbers from 0 to 1, always the same ones (the generator of Lehmer, Park and Miller). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
