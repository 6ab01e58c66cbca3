/** What suites of panels share: their tabs, a page that only listens, and a memory. */
import * as vscode from 'vscode';
import type { Page } from '../../src/webview/panel';

/** The tabs of panels of this kind. */
export function panels(viewType: string): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  // VS Code puts a word of its own before the type.
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewType));
}

/** A page that keeps what it is sent. */
export class Listening<Message extends { type: string }> implements Page<Message> {
  readonly open = true;
  readonly heard: Message[] = [];
  title = '';

  post(message: Message): void {
    this.heard.push(message);
  }

  setTitle(title: string): void {
    this.title = title;
  }

  /** The last message of a kind. */
  last<T extends Message['type']>(type: T): Extract<Message, { type: T }> {
    const found = this.heard
      .filter((message): message is Extract<Message, { type: T }> => message.type === type)
      .at(-1);
    if (found === undefined) throw new Error(`the page never heard ${type}, but ${JSON.stringify(this.heard)}`);
    return found;
  }
}

/** A memory that lasts as long as the test. */
export class Memory implements vscode.Memento {
  private readonly kept = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.kept.keys()];
  }

  get<T>(key: string, standard?: T): T | undefined {
    return this.kept.has(key) ? (this.kept.get(key) as T) : standard;
  }

  update(key: string, value: unknown): Thenable<void> {
    if (value === undefined) this.kept.delete(key);
    else this.kept.set(key, value);
    return Promise.resolve();
  }
}
