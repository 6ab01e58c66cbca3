/** Messages with something to do about them. */
import * as vscode from 'vscode';

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

function act(chosen: Action | undefined): void {
  if (chosen) {
    void vscode.commands.executeCommand(ACTIONS[chosen]);
  }
}
