/** The preview: asks the server for the prompt with the values of the form, and keeps those values. */
import * as vscode from 'vscode';
import * as protocol from '../protocol';
import type { Connection } from '../server/connection';
import { fileAddress, nameOf, samePrompt } from '../webview/address';
import { Latest } from '../webview/latest';
import type { FromPreview, ToPreview, TypedValues } from '../webview/messages';
import type { Page } from '../webview/panel';
import { openPrompt, reason } from '../webview/prompts';

const KEPT = 'promptbits.preview.values:';

export class PreviewController {
  private uri: string | undefined;
  private values: TypedValues = {};
  private shown: { uri: string; preview: protocol.Preview } | undefined;
  private readonly latest = new Latest(() => this.refresh());

  constructor(
    private readonly connection: Pick<Connection, 'request'>,
    private readonly page: Page<ToPreview>,
    private readonly memory: vscode.Memento,
  ) {}

  /** Which prompt is shown: its file, or the Markdown view of its content. */
  get current(): string | undefined {
    return this.uri;
  }

  /** Shows another prompt, with the values it had last. */
  show(uri: string): void {
    if (this.uri === uri) return;
    const another = !this.uri || !samePrompt(this.uri, uri);
    this.uri = uri;
    if (another) {
      this.values = this.memory.get<TypedValues>(this.key(uri)) ?? {};
      this.page.setTitle(`Preview ${nameOf(uri)}`);
    }
    this.introduce();
    this.latest.ask();
  }

  /** The prompt or the server has changed. */
  changed(): void {
    if (this.uri && this.page.open) this.latest.ask();
  }

  /** Resolves once the page shows the values that it has sent. */
  settled(): Promise<void> {
    return this.latest.settled();
  }

  async receive(message: FromPreview): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.introduce();
        return this.changed();
      case 'values':
        return this.take(message.uri, message.values);
      case 'reset':
        if (this.uri) this.take(this.uri, {});
        return this.introduce();
      case 'copy':
        return this.copy();
      case 'open':
        if (this.uri) await openPrompt(this.uri);
    }
  }

  private introduce(): void {
    if (!this.uri) return;
    this.page.post({ type: 'prompt', uri: this.uri, name: nameOf(this.uri), values: this.values });
  }

  private take(uri: string, values: TypedValues): void {
    const kept = Object.keys(values).length > 0 ? values : undefined;
    void this.memory.update(this.key(uri), kept);
    if (!this.uri || !samePrompt(this.uri, uri)) return;
    this.values = values;
    this.latest.ask();
  }

  /** Copies the text of the server itself: what a page shows has other line ends. */
  private async copy(): Promise<void> {
    await this.latest.settled();
    if (!this.shown || this.shown.uri !== this.uri) return;
    const { text } = this.shown.preview;
    await vscode.env.clipboard.writeText(text);
    this.page.post({ type: 'copied', characters: Array.from(text).length });
  }

  private async refresh(): Promise<void> {
    const uri = this.uri;
    if (!uri) return;
    try {
      const preview = await this.connection.request(protocol.preview, { uri, values: this.values, asText: true });
      if (uri !== this.uri) return;
      this.shown = { uri, preview };
      this.page.setTitle(`Preview ${preview.id}`);
      this.page.post({ type: 'preview', uri, preview });
    } catch (error) {
      if (uri === this.uri) this.page.post({ type: 'failed', uri, message: reason(error) });
    }
  }

  private key(uri: string): string {
    return KEPT + fileAddress(uri);
  }
}
