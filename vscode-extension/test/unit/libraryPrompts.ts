/** Prompts as the server lists them, for tests of the library. */
import type { Layer, LibraryPrompt, LibraryRoot, Measured } from '../../src/protocol';

const LAYERS: Layer[] = ['custom', 'learned', 'builtin'];

export function prompt(id: string, more: Partial<LibraryPrompt> = {}): LibraryPrompt {
  return {
    uri: `file:///home/me/prompts/${more.layer ?? 'custom'}/${id}.json`,
    id,
    description: null,
    layer: 'custom',
    shipped: false,
    shadowed: false,
    category: null,
    tags: [],
    parent: null,
    revision: 1,
    problems: { errors: 0, warnings: 0 },
    measured: null,
    ...more,
  };
}

export function measured(successes: number, conversations: number, more: Partial<Measured> = {}): Measured {
  const rate = conversations ? successes / conversations : null;
  return {
    conversations,
    successes,
    executions: conversations,
    rate,
    low: rate === null ? null : Math.max(0, rate - 0.1),
    high: rate === null ? null : Math.min(1, rate + 0.1),
    olderText: false,
    summary: '60.0 % of 100 [50.2–69.1] · p50 827 ms',
    trend: 'unknown',
    ...more,
  };
}

export function root(prompts: LibraryPrompt[], name = 'work'): LibraryRoot {
  return { uri: `file:///${name}`, name, prompts };
}

/** Numbers that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function anyPrompts(seed: number, count: number): LibraryPrompt[] {
  const next = numbers(seed);
  const one = <T>(values: readonly T[]): T => values[next(values.length)] as T;
  const parts = ['rust', 'greet', 'web', 'report', 'a', 'test-plan', 'é'];
  return Array.from({ length: count }, (_, number) => {
    const layer = one(LAYERS);
    const conversations = next(3) ? next(5) : 0;
    const found = one([null, null, measured(next(conversations + 1), conversations, { olderText: next(3) === 0 })]);
    return prompt(`${one(parts)}-${one(parts)}`, {
      uri: `file:///home/me/prompts/${layer}/${number}.json`,
      layer,
      description: one([null, 'Tests a web page', 'Greets people by name']),
      category: one([null, 'Testing', 'Examples']),
      tags: one([[], ['web'], ['rust', 'Async']]),
      shadowed: next(5) === 0,
      problems: { errors: next(2), warnings: next(3) },
      measured: found,
    });
  });
}
