/** What authors are asked about language models. */
import * as vscode from 'vscode';
import { type Described, keyOf } from './choosing';
import type { Answer, Consent } from './consent';

/** Asks before the text of a prompt goes to a model. `size` is in characters. */
export async function askConsent(model: Described, purpose: string, size: number): Promise<Answer> {
  const answers: Record<string, Answer> = {
    'Allow Once': 'once',
    'Always in This Workspace': 'always',
    Never: 'never',
  };
  const detail = [
    `What for: ${purpose}`,
    `What is sent: ${size.toLocaleString('en')} characters, with the text of the prompt.`,
    `To whom: ${model.name}, by ${model.vendor}. What happens with it there is up to them.`,
    'To change your mind later, run “PromptBits: Let PromptBits Use a Language Model…”.',
  ].join('\n\n');
  const options = { modal: true, detail };
  const message = `May PromptBits send your prompt to ${model.name}?`;
  const picked = await vscode.window.showInformationMessage(message, options, ...Object.keys(answers));
  return picked === undefined ? undefined : answers[picked];
}

/** Lets the author choose one of several models. */
export async function askModel<M extends Described>(models: readonly M[], title: string): Promise<M | undefined> {
  const items = models.map((model) => ({ label: model.name, description: keyOf(model), model }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'The language model to ask' }))?.model;
}

/** Shows what was decided for this workspace, and lets the author decide anew. */
export async function changeConsent(consent: Consent, models: readonly Described[]): Promise<void> {
  const { decision } = consent;
  const chosen = (is: boolean) => (is ? '$(check) ' : '');
  const always = models.map((model) => ({
    label: `${chosen(decision?.choice === 'always' && decision.model === keyOf(model))}Always use ${model.name}`,
    description: keyOf(model),
    decide: () => consent.decideOn({ choice: 'always', model: keyOf(model) }),
  }));
  const picked = await vscode.window.showQuickPick(
    [
      {
        label: `${chosen(decision === undefined)}Ask each time`,
        description: models.length > 0 ? '' : 'The editor offers no language model now',
        decide: () => consent.decideOn(undefined),
      },
      ...always,
      {
        label: `${chosen(decision?.choice === 'never')}Never use one`,
        description: '',
        decide: () => consent.decideOn({ choice: 'never' }),
      },
    ],
    {
      title: 'Language models in this workspace',
      placeHolder: 'May PromptBits send your prompts to a language model?',
    },
  );
  picked?.decide();
}
