/** Answers the server's requests for a language model with those of the editor. */
import * as vscode from 'vscode';
import type { LlmMessage, LlmRequestParams, LlmResult } from '../protocol';
import { type Wanted, described, fitting, keyOf, wantedBy } from './choosing';
import type { Consent } from './consent';
import { askConsent, askModel } from './dialogs';
import { RefusedError, refusalOf } from './refusals';

/** Older editors, and some that are built on VS Code, have no language models. */
export function supported(): boolean {
  return typeof (vscode as Partial<typeof vscode>).lm?.selectChatModels === 'function';
}

export class Bridge {
  /** The model that was picked of several, until the window closes. */
  private picked: string | undefined;

  constructor(private readonly consent: Consent) {}

  /** Whether a model can be asked. */
  async available(): Promise<boolean> {
    return supported() && this.consent.possible && (await vscode.lm.selectChatModels()).length > 0;
  }

  /**
   * Asks a model. `report` gets the answer piece by piece.
   *
   * Throws RefusedError, or CancellationError.
   */
  async answer(
    params: LlmRequestParams,
    report: (text: string) => Promise<void>,
    token: vscode.CancellationToken,
  ): Promise<LlmResult> {
    if (!supported()) throw new RefusedError('unsupported', 'this editor has no language models');
    this.consent.check();
    const cancelled = new Promise<never>((_, reject) => {
      token.onCancellationRequested(() => reject(new vscode.CancellationError()));
    });
    try {
      // The editor may go on with a question or an answer that was cancelled: nobody waits for that.
      return await Promise.race([this.converse(params, report, token), cancelled]);
    } catch (error) {
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      throw refusalOf(error);
    }
  }

  private async converse(
    params: LlmRequestParams,
    report: (text: string) => Promise<void>,
    token: vscode.CancellationToken,
  ): Promise<LlmResult> {
    const model = await this.choose(params.model ?? wantedBy(setting()));
    const size = params.messages.reduce((sum, { content }) => sum + content.length, 0);
    await this.consent.require(model, () => askConsent(model, params.purpose, size));
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    return ask(model, params, report, token);
  }

  private async choose(wanted: Wanted): Promise<vscode.LanguageModelChat> {
    const models = fitting(await vscode.lm.selectChatModels(), wanted);
    const { decision } = this.consent;
    const known = this.picked ?? (decision?.choice === 'always' ? decision.model : undefined);
    const model =
      models.find((each) => keyOf(each) === known) ??
      (models.length > 1 ? await askModel(models, 'PromptBits') : models[0]);
    if (!model && models.length > 0) throw new RefusedError('refused', 'no language model was chosen');
    if (!model) throw new RefusedError('noModel', `the editor offers no language model${described(wanted)}`);
    if (models.length > 1) this.picked = keyOf(model);
    return model;
  }
}

function setting(): string {
  return vscode.workspace.getConfiguration('promptbits').get<string>('models.family', '');
}

async function ask(
  model: vscode.LanguageModelChat,
  { messages, purpose }: LlmRequestParams,
  report: (text: string) => Promise<void>,
  token: vscode.CancellationToken,
): Promise<LlmResult> {
  const asked = messages.map(messageOf);
  const response = await model.sendRequest(asked, { justification: purpose }, token);
  let text = '';
  for await (const piece of response.text) {
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    text += piece;
    await report(piece);
  }
  // Some providers end the answer instead of failing where it is cancelled.
  if (token.isCancellationRequested) throw new vscode.CancellationError();
  const [inputTokens, outputTokens] = await Promise.all([count(model, asked, token), count(model, [text], token)]);
  const { id, vendor, family, name, version } = model;
  return { text, model: { id, vendor, family, name, version }, inputTokens, outputTokens };
}

function messageOf({ role, content }: LlmMessage): vscode.LanguageModelChatMessage {
  const { LanguageModelChatMessage: message } = vscode;
  return role === 'assistant' ? message.Assistant(content) : message.User(content);
}

/** How many tokens; null where the provider cannot tell, which is no reason to throw the answer away. */
async function count(
  model: vscode.LanguageModelChat,
  parts: readonly (string | vscode.LanguageModelChatMessage)[],
  token: vscode.CancellationToken,
): Promise<number | null> {
  try {
    const counts = await Promise.all(parts.map((part) => model.countTokens(part, token)));
    return counts.reduce((sum, each) => sum + each, 0);
  } catch {
    return null;
  }
}
