/** What this client can do beyond LSP, told to the server when it starts. */
import * as vscode from 'vscode';
import type { ClientCapabilities, FeatureState, StaticFeature } from 'vscode-languageclient';
import type { ClientExtras } from '../protocol';

/** Puts `experimental.promptbits` into the client's capabilities. */
export class ExtrasFeature implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    const extras: ClientExtras = {
      commands: ['promptbits.editContent', 'promptbits.preview', 'promptbits.statistics', 'promptbits.review'],
      libraryChanged: true,
      reviewsChanged: true,
      // Old editors and those built on VS Code may have no language models.
      llmRequest: typeof (vscode as Partial<typeof vscode>).lm?.selectChatModels === 'function',
    };
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), promptbits: extras };
  }

  initialize(): void {
    // The server answers with its own capabilities, which others read.
  }

  getState(): FeatureState {
    return { kind: 'static' };
  }

  clear(): void {
    // Nothing is held.
  }
}
