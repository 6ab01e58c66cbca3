/** What the panels and their pages say to each other: the one place that both sides take their types from. */
import type { Preview, Statistics } from '../protocol';

// --- preview -------------------------------------------------------------------------------------------------------

/** Values as they were typed, by variable; what is not there has no value. */
export type TypedValues = Record<string, string>;

export type ToPreview =
  /** Which prompt it is, and its values: when the page has loaded, for another prompt, and after a reset. */
  | { type: 'prompt'; uri: string; name: string; values: TypedValues }
  | { type: 'preview'; uri: string; preview: Preview }
  /** The server could not tell; what is shown may be out of date. */
  | { type: 'failed'; uri: string; message: string }
  | { type: 'copied'; characters: number };

export type FromPreview =
  | { type: 'ready' }
  | { type: 'values'; uri: string; values: TypedValues }
  | { type: 'reset' }
  | { type: 'copy' }
  | { type: 'open' };

// --- statistics ----------------------------------------------------------------------------------------------------

/** A measured text, and the prompt that has it. */
export interface ChosenText {
  contentSha256: string;
  id: string;
}

export type ToStatistics =
  /** `chartedId`: whose text is charted, where several prompts have the same. */
  | { type: 'statistics'; uri: string; statistics: Statistics; chartedId: string }
  | { type: 'failed'; uri: string; name: string; message: string }
  | { type: 'copied' };

export type FromStatistics =
  | { type: 'ready' }
  /** Chart this text; null for the one that stands in the editor. */
  | { type: 'choose'; text: ChosenText | null }
  /** Open the prompt of this address. */
  | { type: 'open'; uri: string }
  | { type: 'copy'; text: string };

// --- both ----------------------------------------------------------------------------------------------------------

/** What a page keeps over a reload of the window: enough for its panel to ask for the rest. */
export interface KeptState {
  uri: string;
}

/** Reads what was kept, whatever an older version has kept. */
export function keptUri(state: unknown): string | undefined {
  const uri = typeof state === 'object' && state !== null && 'uri' in state ? state.uri : undefined;
  return typeof uri === 'string' && uri ? uri : undefined;
}
