/** Why a language model gives no answer. */
import type { LlmRefusal } from '../protocol';

/** There is no answer; the message is for the author. */
export class RefusedError extends Error {
  constructor(
    readonly reason: LlmRefusal,
    message: string,
  ) {
    super(message);
  }
}

const MESSAGES: Record<'noModel' | 'refused' | 'blocked' | 'quota', string> = {
  noModel: 'the model is no longer there: choose another one',
  refused: 'the editor does not let PromptBits use this model',
  blocked: 'the provider of the model has refused the request',
  quota: 'the limit of the model is used up for now',
};

/** An error of the editor or of a model's provider as a refusal. The codes are those of `vscode.LanguageModelError`. */
export function refusalOf(error: unknown): RefusedError {
  if (error instanceof RefusedError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const reason = reasonOf(error);
  if (reason === 'failed') return new RefusedError('failed', said || 'the model gave no answer');
  return new RefusedError(reason, said ? `${MESSAGES[reason]} (${said})` : MESSAGES[reason]);
}

function reasonOf(error: unknown): keyof typeof MESSAGES | 'failed' {
  const code = textOf(error, 'code') ?? textOf(error, 'name') ?? '';
  // Providers report a limit that is used up as blocked, or with codes of their own.
  if (/quota|rate.?limit/i.test([code, ...texts(error)].join(' '))) return 'quota';
  if (code === 'NotFound') return 'noModel';
  if (code === 'NoPermissions') return 'refused';
  return code === 'Blocked' ? 'blocked' : 'failed';
}

/** What an error and those that caused it say. */
function texts(error: unknown): string[] {
  const found: string[] = [];
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    found.push(textOf(each, 'code') ?? '', each.message);
  }
  return found;
}

function textOf(value: unknown, key: string): string | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : undefined;
}
