/** What was measured of the prompts of test workspaces, as `promptbits import` takes it in. */

const DAY = 86_400_000;

/** Executions a day on each of the last days: how many, and how many of them succeed. */
const MEASURED = [
  { id: 'greet', days: 14, runs: 10, succeeded: 8, ms: 400 },
  { id: 'report', days: 20, runs: 6, succeeded: 3, ms: 900 },
  { id: 'report-brief', days: 10, runs: 6, succeeded: 5, ms: 700 },
] as const;

/** One fact a line. Of greet, 112 of 140 conversations succeed: 80 %. */
export function facts(now: Date): string {
  const lines = MEASURED.flatMap(({ id, days, runs, succeeded, ms }) =>
    Array.from({ length: days * runs }, (_, n) => ({
      kind: 'execution',
      timestamp: new Date(now.getTime() - Math.floor(n / runs) * DAY - (n % runs) * 60_000).toISOString(),
      prompt_id: id,
      revision: id === 'report-brief' ? 2 : 1,
      outcome: n % runs < succeeded ? 'succeeded' : 'failed',
      conversation_id: `${id}-${n}`,
      execution_time_ms: ms + (n % 7) * 50,
      model: 'large',
    })),
  );
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
