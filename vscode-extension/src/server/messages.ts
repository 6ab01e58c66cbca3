/** Messages with something to do about them. */
import * as vscode from 'vscode';
import { NotRunningError } from './connection';

const ACTIONS = {
  'Select Interpreter': 'promptbits.selectInterpreter',
  'Show Log': 'promptbits.showLog',
  'Show Server Log': 'promptbits.showServerLog',
  Restart: 'promptbits.restart',
  Install: 'promptbits.installServer',
} as const;

export type Action = keyof typeof ACTIONS;

/** What every failure of the server offers. */
export const ON_FAILURE: readonly Action[] = ['Select Interpreter', 'Show Log'];

/** Shows an error and does what is chosen. Does not wait for it. */
export function tellError(message: string, actions: readonly Action[] = ON_FAILURE): void {
  void vscode.window.showErrorMessage(message, ...actions).then(act);
}

/** The same for a warning. */
export function tellWarning(message: string, actions: readonly Action[]): void {
  void vscode.window.showWarningMessage(message, ...actions).then(act);
}

/** Says why a command failed; where that is for want of a server, with what can be done about it. */
export function tellFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof NotRunningError) {
    tellError(message, ['Restart', ...ON_FAILURE]);
  } else {
    // A message without buttons does not say whose it is.
    tellError(`PromptBits: ${message}`, []);
  }
}

function act(chosen: Action | undefined): void {
  if (chosen) {
    void vscode.commands.executeCommand(ACTIONS[chosen]);
  }
}
