/** The orders that the view knows. Each is a total order: prompts never change places for no reason. */
import type { LibraryPrompt, Measured } from '../protocol';

export type Order = 'id' | 'rate' | 'conversations' | 'problems';

type Comparison = (one: LibraryPrompt, other: LibraryPrompt) => number;

export interface OrderChoice {
  order: Order;
  label: string;
  detail: string;
}

export const ORDERS: readonly OrderChoice[] = [
  { order: 'id', label: 'Id', detail: 'From a to z' },
  {
    order: 'rate',
    label: 'Success Rate',
    detail: 'By the lower end of the 95 % interval; what is not measured comes last',
  },
  { order: 'conversations', label: 'Conversations', detail: 'The most used first' },
  { order: 'problems', label: 'Problems', detail: 'Errors first, then warnings' },
];

const COMPARISONS: Record<Order, Comparison> = {
  id: () => 0,
  rate: (one, other) => standing(one) - standing(other) || low(other) - low(one) || used(other) - used(one),
  conversations: (one, other) => used(other) - used(one),
  problems: (one, other) =>
    other.problems.errors - one.problems.errors || other.problems.warnings - one.problems.warnings,
};

/** Whether somebody's remembered choice is an order that there is. */
export function isOrder(value: unknown): value is Order {
  return ORDERS.some(({ order }) => order === value);
}

/** Compares two prompts; 0 only for the same file. */
export function comparison(order: Order): Comparison {
  const compare = COMPARISONS[order];
  return (one, other) => compare(one, other) || byText(one.id, other.id) || byText(one.uri, other.uri);
}

/** Measured as it stands comes first, then what is known of an older text only, then the rest. */
function standing({ measured }: LibraryPrompt): number {
  if (!isRated(measured)) return 2;
  return measured.olderText ? 1 : 0;
}

function isRated(measured: Measured | null): measured is Measured & { low: number } {
  return measured !== null && measured.low !== null;
}

function low({ measured }: LibraryPrompt): number {
  return isRated(measured) ? measured.low : -1;
}

function used({ measured }: LibraryPrompt): number {
  return measured?.conversations ?? 0;
}

function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
