import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

import { newPrompt as newPromptRequest, type LibraryRoot, type NewPromptParams } from '../protocol';
import type { Connection } from '../server/connection';
import { contentOffset, copyId, idProblem } from './ids';
import type { PromptRow } from './model';
import type { LibrarySource } from './source';
import { title } from './wording';

/** Creates prompts: new ones, and copies. */
export class PromptCreator implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly subscription: { dispose(): void };

  constructor(
    private readonly connection: Connection,
    private readonly source: LibrarySource,
  ) {
    // Edits of the server are turned into the editor's own by the client.
    this.subscription = connection.onCreate((client) => {
      this.client = client;
      return { dispose: () => undefined };
    });
  }

  /** Asks where and under which id, and creates it. */
  async create(): Promise<void> {
    const root = await chosenRoot(await this.source.roots());
    const id = root && (await askId(root, 'New Prompt', ''));
    if (root && id) await this.write({ id, root: root.uri });
  }

  /** Asks for the id of the copy; one that is shipped goes where somebody says. */
  async duplicate({ prompt, root }: PromptRow): Promise<void> {
    const target = prompt.shipped ? await chosenRoot(await this.source.roots()) : root;
    const id = target && (await askId(target, `Duplicate ${title(prompt)}`, copyId(prompt.id, target), prompt.id));
    if (target && id) await this.write({ id, root: target.uri, from: prompt.uri });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async write(params: NewPromptParams): Promise<void> {
    const { uri, edit } = await this.connection.request(newPromptRequest, params);
    const converted = await this.client?.protocol2CodeConverter.asWorkspaceEdit(edit);
    if (!converted || !(await vscode.workspace.applyEdit(converted))) {
      throw new Error(
        `“${params.id}” could not be created: the editor did not apply the change. Is the folder writable?`,
      );
    }
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    if (!(await document.save())) throw new Error(`“${params.id}” was created, but could not be saved.`);
    const position = document.positionAt(contentOffset(document.getText()));
    await vscode.window.showTextDocument(document, { preview: false, selection: new vscode.Range(position, position) });
  }
}

async function chosenRoot(roots: readonly LibraryRoot[]): Promise<LibraryRoot | undefined> {
  if (roots.length < 2) {
    if (!roots[0]) throw new Error('A prompt needs a folder: open the one that it belongs to.');
    return roots[0];
  }
  const items = roots.map((root) => ({ label: root.name, description: vscode.Uri.parse(root.uri).fsPath, root }));
  return (await vscode.window.showQuickPick(items, { title: 'Where does the new prompt belong?' }))?.root;
}

function askId(root: LibraryRoot, title: string, value: string, origin?: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: 'The id of the prompt, which its file is named after',
    placeHolder: 'greet-customer',
    value,
    validateInput: (id) => {
      const problem = idProblem(id, root, origin);
      if (!problem) return null;
      const { Error: Refused, Info } = vscode.InputBoxValidationSeverity;
      return { message: problem.message, severity: problem.refused ? Refused : Info };
    },
  });
}
