/** What this extension and the server say to each other beyond LSP. docs/protocol.md describes each message. */
import { NotificationType, NotificationType0, RequestType, RequestType0 } from 'vscode-languageclient';
import type { Position, WorkspaceEdit } from 'vscode-languageclient';

// --- content as Markdown -------------------------------------------------------------------------------------------

export interface Content {
  uri: string;
  languageId: string;
  text: string;
  /** Stands for this text: kept until the view is saved. */
  version: string;
  /** Why nobody may edit it; absent where one may. */
  readOnly?: string;
}

export interface SetContentParams {
  uri: string;
  baseVersion: string;
  text: string;
}

export type SetContentResult =
  | { edit: WorkspaceEdit; text: string; version: string }
  | { conflict: { text: string; version: string; count: number } };

export const content = new RequestType<{ uri: string }, Content, void>('promptbits/content');
export const setContent = new RequestType<SetContentParams, SetContentResult, void>('promptbits/setContent');

/** The same places in the other document of the two: the view, or the JSON file. */
export const mapPosition = new RequestType<
  { uri: string; positions: Position[] },
  { uri: string; positions: (Position | null)[] },
  void
>('promptbits/mapPosition');

// --- which files are prompts ---------------------------------------------------------------------------------------

/** Whether a file is a prompt by its place, its name or its `$schema`. */
export const isPrompt = new RequestType<{ uri: string }, { prompt: boolean }, void>('promptbits/isPrompt');

// --- the library ---------------------------------------------------------------------------------------------------

export type Layer = 'custom' | 'learned' | 'builtin';

/** What is measured of a text; counts are of conversations, intervals of 95 %. */
export interface Rate {
  conversations: number;
  successes: number;
  /** 0 to 1; null where no conversation has a known outcome. */
  rate: number | null;
  low: number | null;
  high: number | null;
}

export interface Measured extends Rate {
  executions: number;
  /** The numbers are of an older text than the one on disk. */
  olderText: boolean;
  /** The server's words, as in the lens: `60.0 % of 100 [50.2–69.1]`. */
  summary: string;
  trend: 'up' | 'down' | 'steady' | 'unknown';
}

export interface LibraryPrompt {
  uri: string;
  id: string;
  description: string | null;
  layer: Layer;
  /** Comes with the server: it can be read and duplicated, not edited. */
  shipped: boolean;
  /** Another file of the same id is served instead. */
  shadowed: boolean;
  category: string | null;
  tags: string[];
  parent: string | null;
  revision: number;
  problems: { errors: number; warnings: number };
  measured: Measured | null;
}

export interface LibraryRoot {
  /** The folder that settings and prompts belong to. */
  uri: string;
  name: string;
  prompts: LibraryPrompt[];
}

export const library = new RequestType0<{ roots: LibraryRoot[] }, void>('promptbits/library');
/** Something that `promptbits/library` answers has changed; sent at most about once a second. */
export const libraryChanged = new NotificationType0('promptbits/libraryChanged');

export interface NewPromptParams {
  id: string;
  /** Where it belongs: a root or workspace folder, by its address; that of `from`, or the first one, if absent. */
  root?: string;
  /** A prompt to duplicate, by its address. */
  from?: string;
}

/** The edit creates the file (it is empty for a client without `create`); the client applies it and opens `uri`. */
export const newPrompt = new RequestType<NewPromptParams, { uri: string; edit: WorkspaceEdit }, void>(
  'promptbits/newPrompt',
);

// --- preview -------------------------------------------------------------------------------------------------------

export interface Variable {
  name: string;
  description: string | null;
  type: 'string' | 'number' | 'integer' | 'boolean' | 'array';
  required: boolean;
  /** Present where there is a default; any JSON value. */
  default?: unknown;
  enum: unknown[] | null;
  examples: unknown[] | null;
  /** Used in the content but not declared. */
  undeclared: boolean;
}

export interface Preview {
  id: string;
  variables: Variable[];
  /** Partial where there are problems: those placeholders stand as they are. */
  text: string;
  /** No problem: an application gets this very text. */
  complete: boolean;
  /** Estimated tokens of `text`. */
  tokens: number;
  /** `missing`: all that lacks is a value. Otherwise one does not fit, or no variable takes it. */
  problems: { variable: string | null; message: string; missing: boolean }[];
}

/** Values are JSON values, or strings as typed into a form (`asText`), which the server reads by type. */
export const preview = new RequestType<
  { uri: string; values: Record<string, unknown>; asText?: boolean },
  Preview,
  void
>('promptbits/preview');

// --- statistics ----------------------------------------------------------------------------------------------------

export interface Latency {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export interface Day extends Rate {
  /** `2026-11-20`, UTC. */
  day: string;
  executions: number;
  /** Milliseconds. */
  latency: Latency;
}

export interface MeasuredText extends Rate {
  id: string;
  /** Null where no fact names one, and the text is not that of the file. */
  revision: number | null;
  uri: string | null;
  contentSha256: string;
  /** The text as it stands in the editor. */
  current: boolean;
  executions: number;
  latency: Latency;
  rating: { count: number; mean: number | null };
  /** Means of a run. */
  inputTokens: number | null;
  outputTokens: number | null;
  /** US dollars of all executions; null where none was reported. */
  cost: number | null;
  /** Rate minus that of the parent, with its interval; null where it cannot be told. */
  difference: { value: number; low: number; high: number } | null;
  /** The first day with facts, as `Day.day`. */
  firstSeen: string | null;
  /** RFC 3339. */
  lastSeen: string | null;
}

export interface Statistics {
  id: string;
  /** The texts of the lineage that were measured, the newest revision first. */
  texts: MeasuredText[];
  /** Every day with executions of the text that is asked for, the oldest first, at most 365. */
  days: Day[];
  /** Which text `days` are of. */
  contentSha256: string | null;
  /** Sentences to show above: what cannot be told, and why. */
  notes: string[];
}

/** `contentSha256` chooses one of the texts, with `id` where several prompts have it; the current one if absent. */
export const statistics = new RequestType<{ uri: string; contentSha256?: string; id?: string }, Statistics, void>(
  'promptbits/statistics',
);

// --- language models -----------------------------------------------------------------------------------------------

export interface LlmMessage {
  role: 'user' | 'assistant';
  content: string;
}

export interface LlmRequestParams {
  messages: LlmMessage[];
  /** One line for the consent dialog: what the answer is for. */
  purpose: string;
  /** Which model, as far as the user said; any of them fits if absent. */
  model?: { vendor?: string; family?: string; id?: string };
  /** Where the answer is to be streamed: `$/progress` with `{ "text": "…" }`. */
  partialResultToken?: string | number;
}

export interface LlmResult {
  text: string;
  model: { id: string; vendor: string; family: string; name: string; version: string };
  inputTokens: number | null;
  outputTokens: number | null;
}

/** Why there is no answer: `data.reason` of the error -32803. */
export type LlmRefusal = 'unsupported' | 'noModel' | 'refused' | 'blocked' | 'quota' | 'failed';

/** From the server to the client. Cancelled by `$/cancelRequest`. */
export const llmRequest = new RequestType<LlmRequestParams, LlmResult, { reason: LlmRefusal }>('promptbits/llmRequest');

/** Sent by the client once it knows, and again when it changes: whether a model can be asked. */
export const llmAvailable = new NotificationType<{ available: boolean }>('promptbits/llmAvailable');

// --- reviews: better versions of prompts that are proposed -----------------------------------------------------------

/** A difference of rates with its interval, as shares. */
export interface Interval {
  estimate: number;
  low: number;
  high: number;
}

export interface ReviewCandidate {
  /** 1, 2, 3 …: candidates are ranked. */
  number: number;
  /** The address of its text, a read-only document. */
  document: string;
  edits: { name: string; rationale: string }[];
  /** A predicted rate in words, `58 % [49–67]`; null where none may be shown. */
  predicted: string | null;
  gain: Interval | null;
  /** The same in words: `+4 pts [−3, +11]`. */
  gainText: string | null;
  probabilityBetter: number | null;
}

export interface Review {
  root: string;
  /** 1, 2, 3 … within its root. */
  number: number;
  /** Null where the prompt is gone. */
  uri: string | null;
  promptId: string;
  status: 'open' | 'accepted' | 'rejected' | 'superseded';
  /** It is open, and the text has changed since: nothing is accepted before it is rebased. */
  stale: boolean;
  /** As in the lens: `3 proposals · predicted best +4 pts [−3, +11] (moderate, 23 measured texts)`. */
  summary: string;
  evidence: string;
  advice: string;
  /** RFC 3339. */
  created: string | null;
  proposer: string;
  /** The address of the whole review, a read-only document. */
  document: string;
  /** The address of the text that changes are proposed of. */
  basis: string;
  /** What is predicted of that text, in words. */
  now: string | null;
  recommended: number | null;
  candidates: ReviewCandidate[];
  accepted: { candidate: number; how: 'revision' | 'in-place'; promptId: string; revision: number } | null;
}

/** Of one prompt, or of all; the newest first. */
export const reviews = new RequestType<{ uri?: string }, { reviews: Review[] }, void>('promptbits/reviews');
/** Something that `promptbits/reviews` answers has changed. */
export const reviewsChanged = new NotificationType0('promptbits/reviewsChanged');

// --- what the client can do ----------------------------------------------------------------------------------------

/** `capabilities.experimental.promptbits` of `initialize`. */
export interface ClientExtras {
  /** Commands of this client that lenses may carry; each takes the address of a prompt, the last a number of a review too. */
  commands: ('promptbits.editContent' | 'promptbits.preview' | 'promptbits.statistics' | 'promptbits.review')[];
  libraryChanged: boolean;
  reviewsChanged: boolean;
  llmRequest: boolean;
}
