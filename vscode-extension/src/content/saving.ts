/** Puts the text of a view back into its JSON file, or says why not. */
import type { WorkspaceEdit } from 'vscode-languageclient';
import type { SetContentParams, SetContentResult } from '../protocol';
import type { Bases } from './bases';
import { hasConflict } from './text';

/** What saving does to the world. */
export interface Host {
  /** Asks the server; rejects with its message. */
  ask(params: SetContentParams): Promise<SetContentResult>;
  /** Applies an edit of the JSON file; false where that is no longer the text that the edit was made for. */
  apply(edit: WorkspaceEdit): Promise<boolean>;
  /** Saves the JSON file; false where it could not be. */
  save(): Promise<boolean>;
  /** Shows a text in the view, if that still shows `sent`; false where it does not. */
  show(sent: string, text: string): Promise<boolean>;
}

/** The view keeps its text; the message is for the author. */
export class NotSavedError extends Error {}

const MOST_TRIES = 3;

/**
 * Saves a text of a view. `name` is that of the JSON file, for messages.
 *
 * Throws NotSavedError where nothing was written.
 */
export async function save(view: string, name: string, text: string, bases: Bases, host: Host): Promise<void> {
  const base = bases.of(view);
  if (!base) {
    throw new NotSavedError(
      `it is not known which content this text was made from. Keep a copy of it, run "File: Revert File", and put it in again`,
    );
  }
  if (base.conflict && hasConflict(text)) {
    throw new NotSavedError('resolve the conflict first: no line with <<<<<<<, ======= or >>>>>>> may be left');
  }
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const answer = await host.ask({ uri: view, baseVersion: base.version, text });
    if ('conflict' in answer) {
      const { count } = answer.conflict;
      if (!(await host.show(text, answer.conflict.text))) break;
      bases.conflicted(view, text, answer.conflict);
      const places = count === 1 ? 'One place was' : `${String(count)} places were`;
      throw new NotSavedError(
        `${places} changed here and in ${name}. Both are shown now, between <<<<<<< and >>>>>>>: keep what is right, and save again`,
      );
    }
    if (!(await host.apply(answer.edit))) continue;
    if (!(await host.save())) throw new NotSavedError(`${name} has the text now, but cannot be saved itself`);
    bases.saved(view, text, answer);
    return;
  }
  throw new NotSavedError(`${name} was changed at the same time: save again`);
}
