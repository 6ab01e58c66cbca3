/** The statistics of one prompt: asks the server, again whenever facts or the prompt have changed. */
import * as vscode from 'vscode';
import * as protocol from '../protocol';
import type { Connection } from '../server/connection';
import { nameOf } from '../webview/address';
import { Latest } from '../webview/latest';
import type { ChosenText, FromStatistics, ToStatistics } from '../webview/messages';
import type { Page } from '../webview/panel';
import { openPrompt, reason } from '../webview/prompts';

export class StatisticsController {
  private uri: string | undefined;
  /** The text to chart; the one that stands in the editor if undefined. */
  private chosen: ChosenText | undefined;
  private readonly latest = new Latest(() => this.refresh());

  constructor(
    private readonly connection: Pick<Connection, 'request'>,
    private readonly page: Page<ToStatistics>,
  ) {}

  /** Which prompt is shown: its file, or the Markdown view of its content. */
  get current(): string | undefined {
    return this.uri;
  }

  show(uri: string): void {
    if (this.uri !== uri) this.chosen = undefined;
    this.uri = uri;
    this.page.setTitle(`Statistics ${nameOf(uri)}`);
    this.latest.ask();
  }

  /** The prompt, what is measured of it, or the server has changed. */
  changed(): void {
    if (this.uri && this.page.open) this.latest.ask();
  }

  /** Resolves once the page has the newest numbers. */
  settled(): Promise<void> {
    return this.latest.settled();
  }

  async receive(message: FromStatistics): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.changed();
      case 'choose':
        this.chosen = message.text ?? undefined;
        return this.changed();
      case 'open':
        return openPrompt(message.uri);
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        this.page.post({ type: 'copied' });
    }
  }

  private async refresh(): Promise<void> {
    const { uri, chosen } = this;
    if (!uri) return;
    try {
      const statistics = await this.connection.request(protocol.statistics, { uri, ...chosen });
      if (uri !== this.uri) return;
      this.page.setTitle(`Statistics ${statistics.id}`);
      this.page.post({ type: 'statistics', uri, statistics, chartedId: chosen?.id ?? statistics.id });
    } catch (error) {
      if (uri === this.uri) this.page.post({ type: 'failed', uri, name: nameOf(uri), message: reason(error) });
    }
  }
}
