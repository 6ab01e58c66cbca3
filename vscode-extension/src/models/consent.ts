/** Whether the text of prompts may be sent to a language model: asked before it happens, and remembered. */
import { type Described, keyOf } from './choosing';
import { RefusedError } from './refusals';

/** What was decided for this workspace; undefined: ask each time. */
export type Decision = { choice: 'always'; model: string } | { choice: 'never' } | undefined;

export type Answer = 'once' | 'always' | 'never' | undefined;

export interface Memory {
  load(): Decision;
  store(decision: Decision): void;
}

const HOW = 'run "PromptBits: Let PromptBits Use a Language Model…" to change that';

export class Consent {
  /** Questions stand in line: an answer to the first one may answer the others. */
  private line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly memory: Memory,
    private readonly isTrusted: () => boolean,
  ) {}

  get decision(): Decision {
    return this.memory.load();
  }

  /** Whether asking a model has a chance. */
  get possible(): boolean {
    return this.isTrusted() && this.decision?.choice !== 'never';
  }

  /**
   * Resolves once this model may be asked; `ask` shows the question.
   *
   * Throws RefusedError where it may not.
   */
  async require(model: Described, ask: () => Promise<Answer>): Promise<void> {
    const turn = this.line.then(() => this.decide(model, ask));
    this.line = turn.catch(() => undefined);
    return turn;
  }

  /** Throws RefusedError where no model may be asked, whichever it is. */
  check(): void {
    if (!this.isTrusted()) {
      throw new RefusedError('refused', 'no language model is used in a workspace that is not trusted');
    }
    if (this.decision?.choice === 'never') {
      throw new RefusedError('refused', `language models are not used in this workspace: ${HOW}`);
    }
  }

  /** What the author decides without being asked. */
  decideOn(decision: Decision): void {
    this.memory.store(decision);
  }

  private async decide(model: Described, ask: () => Promise<Answer>): Promise<void> {
    this.check();
    const decision = this.decision;
    if (decision?.choice === 'always' && decision.model === keyOf(model)) return;
    const answer = await ask();
    if (answer === 'always') this.memory.store({ choice: 'always', model: keyOf(model) });
    else if (answer === 'never') this.memory.store({ choice: 'never' });
    if (answer === 'never' || answer === undefined) {
      throw new RefusedError('refused', `nothing was sent to ${model.name}: you did not allow it`);
    }
  }
}
