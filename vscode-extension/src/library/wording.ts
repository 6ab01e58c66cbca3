/** What the view says about a prompt. Numbers are written as the server writes them. */
import type { Layer, LibraryPrompt, LibraryRoot, Measured } from '../protocol';

export const LAYER_NAMES: Record<Layer, string> = { custom: 'Custom', learned: 'Learned', builtin: 'Builtin' };

const ARROWS: Record<Measured['trend'], string> = { up: ' ↗', down: ' ↘', steady: ' →', unknown: '' };
const TRENDS: Record<Measured['trend'], string> = {
  up: 'getting better ↗',
  down: 'getting worse ↘',
  steady: 'steady →',
  unknown: '',
};

/** An interval over more than half of all that is possible says no more than its counts. */
const WIDEST = 0.5;

/** `1 prompt`, `1,204 prompts`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A number with its thousands apart. */
export function grouped(count: number): string {
  return count.toLocaleString('en');
}

/** What a prompt is called: its id, or its file where it has none. */
export function title({ id, uri }: LibraryPrompt): string {
  return id || uri.slice(uri.lastIndexOf('/') + 1);
}

/** How many conversations succeeded, and where that is going: `60.0 % of 100 ↗`. */
export function success(measured: Measured | null): string {
  if (!measured || measured.executions + measured.conversations === 0) return 'not measured';
  const said = rateOf(measured) + ARROWS[measured.trend];
  return measured.olderText ? `${said} (older text)` : said;
}

function rateOf({ rate, low, high, conversations, successes, executions }: Measured): string {
  if (rate === null) return counted(executions, 'run');
  if (low === null || high === null || high - low > WIDEST) {
    return `${grouped(successes)} of ${grouped(conversations)} succeeded`;
  }
  return `${(rate * 100).toFixed(1)} % of ${grouped(conversations)}`;
}

/** `2 errors, 1 warning`; empty where there is none. */
export function problems({ errors, warnings }: LibraryPrompt['problems']): string {
  const said = [errors && counted(errors, 'error'), warnings && counted(warnings, 'warning')];
  return said.filter(Boolean).join(', ');
}

/** What stands behind the id. `where` tells prompts of several folders apart in one list. */
export function description(prompt: LibraryPrompt, where = ''): string {
  return [prompt.shadowed ? 'shadowed' : '', success(prompt.measured), where].filter(Boolean).join(' · ');
}

/** What a screen reader reads: the id alone says too little. */
export function spoken(prompt: LibraryPrompt): string {
  return [title(prompt), LAYER_NAMES[prompt.layer], description(prompt), problems(prompt.problems)]
    .filter(Boolean)
    .join(', ');
}

/** All that is known of a prompt, as Markdown. */
export function tooltip(prompt: LibraryPrompt): string {
  const parts = [`**${escaped(title(prompt))}**${prompt.revision > 1 ? ` · revision ${prompt.revision}` : ''}`];
  if (prompt.description) parts.push(escaped(prompt.description));
  parts.push(measuredLines(prompt.measured));
  const found = problems(prompt.problems);
  if (found) parts.push(`$(warning) ${found}`);
  if (prompt.shadowed) parts.push('$(eye-closed) Shadowed: another file with this id is served instead.');
  parts.push(bullets(prompt));
  return parts.filter(Boolean).join('\n\n');
}

function measuredLines(measured: Measured | null): string {
  if (!measured || measured.executions + measured.conversations === 0) return 'Not measured.';
  const said = [escaped(measured.summary || rateOf(measured)), TRENDS[measured.trend]].filter(Boolean).join(' · ');
  return measured.olderText ? `${said}\n\nThese numbers are of an older text: this one is not measured yet.` : said;
}

function bullets({ layer, shipped, category, tags, parent }: LibraryPrompt): string {
  const lines = [
    `${LAYER_NAMES[layer]}${shipped ? ', comes with PromptBits: duplicate it to change it' : ''}`,
    category ? `Category: ${escaped(category)}` : '',
    tags.length ? `Tags: ${tags.map(escaped).join(', ')}` : '',
    parent ? `Evolved from ${escaped(parent)}` : '',
  ];
  return lines
    .filter(Boolean)
    .map((line) => `- ${line}`)
    .join('\n');
}

/** Text of a prompt is shown as it is written: it makes no link, no picture and no icon. */
export function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, '\\$&');
}

/** The number on the view, and what it counts; null where there is nothing to see to. */
export function badge(roots: readonly LibraryRoot[]): { value: number; tooltip: string } | null {
  const prompts = new Map<string, LibraryPrompt>();
  for (const root of roots) for (const prompt of root.prompts) prompts.set(prompt.uri, prompt);
  const total = { errors: 0, warnings: 0 };
  let affected = 0;
  for (const { problems: found } of prompts.values()) {
    total.errors += found.errors;
    total.warnings += found.warnings;
    if (found.errors + found.warnings) affected += 1;
  }
  const value = total.errors + total.warnings;
  return value ? { value, tooltip: `${problems(total)} in ${counted(affected, 'prompt')}` } : null;
}
