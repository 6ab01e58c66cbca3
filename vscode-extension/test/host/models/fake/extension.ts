/**
 * A provider of language models that does what the last message says: `echo TEXT` (word by word), `fail CODE`, `wait` (until it is
 * cancelled). A family of its own for each model.
 */
import * as vscode from 'vscode';

interface Message {
  content: unknown;
}
type Progress = vscode.Progress<unknown>;

/** The parts of the API that are proposed, or newer than our oldest editor. */
interface Providing {
  /** 1.100 to 1.103, proposed. */
  registerChatModelProvider?(id: string, provider: unknown, metadata: unknown): vscode.Disposable;
  /** Since 1.104. */
  registerLanguageModelChatProvider?(vendor: string, provider: unknown): vscode.Disposable;
}
const { LanguageModelTextPart: Part } = vscode as unknown as { LanguageModelTextPart: new (text: string) => unknown };
const FAMILIES = ['parrot', 'owl'];
const PLAIN = { version: '1', maxInputTokens: 1000, maxOutputTokens: 1000, isUserSelectable: true };

/** What the tests read: the messages that arrived. */
export interface Fake {
  asked: string[];
}

export function activate(context: vscode.ExtensionContext): Fake {
  const fake: Fake = { asked: [] };
  const lm = vscode.lm as typeof vscode.lm & Providing;
  const tokens = (text: unknown): number => textOf(text).split(/\s+/).length;
  if (lm.registerLanguageModelChatProvider) {
    const provider = {
      provideLanguageModelChatInformation: () =>
        FAMILIES.map((family) => ({ ...PLAIN, id: family, name: family, family, capabilities: {} })),
      provideLanguageModelChatResponse: (
        _: unknown,
        messages: Message[],
        __: unknown,
        progress: Progress,
        token: vscode.CancellationToken,
      ) => answer(fake, messages, (text) => progress.report(new Part(text)), token),
      provideTokenCount: (_: unknown, text: unknown) => Promise.resolve(tokens(text)),
    };
    context.subscriptions.push(lm.registerLanguageModelChatProvider('fakelm', provider));
  } else {
    const provider = {
      provideLanguageModelResponse: (
        messages: Message[],
        _: unknown,
        __: unknown,
        progress: Progress,
        token: vscode.CancellationToken,
      ) => answer(fake, messages, (text) => progress.report({ index: 0, part: new Part(text) }), token),
      provideTokenCount: (text: unknown) => Promise.resolve(tokens(text)),
    };
    for (const family of FAMILIES) {
      const metadata = { ...PLAIN, vendor: 'fakelm', name: family, family };
      const registered = lm.registerChatModelProvider?.(family, provider, metadata);
      if (registered) context.subscriptions.push(registered);
    }
  }
  return fake;
}

async function answer(
  fake: Fake,
  messages: Message[],
  say: (text: string) => void,
  token: vscode.CancellationToken,
): Promise<void> {
  const text = textOf(messages.at(-1));
  fake.asked.push(messages.map(textOf).join(' | '));
  const [verb, ...words] = text.split(' ');
  if (verb === 'fail') throw Object.assign(new vscode.LanguageModelError('as told'), { code: words[0] });
  if (verb === 'wait') {
    say('waiting');
    await new Promise<void>((resolve) => token.onCancellationRequested(() => resolve()));
    return;
  }
  for (const word of words) {
    say(`${word} `);
    await Promise.resolve();
  }
}

/** The text of a message, whichever shape this editor gives it. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value !== 'object' || value === null) return '';
  return 'content' in value ? textOf(value.content) : 'value' in value ? textOf(value.value) : '';
}
