/** The three output channels: what this extension does, what the server says, and what both say to each other. */
import * as vscode from 'vscode';

export interface Channels {
  /** What the extension does. Never the text of a prompt. */
  readonly client: vscode.LogOutputChannel;
  /** The server's stderr. */
  readonly server: vscode.OutputChannel;
  /** The messages of the protocol, with `promptbits.trace.server`. The only channel that may hold prompts. */
  readonly trace: vscode.LogOutputChannel;
  dispose(): void;
}

/** Creates the channels. The one for traces is silent until the setting asks for it. */
export function createChannels(): Channels {
  const client = vscode.window.createOutputChannel('PromptBits', { log: true });
  const server = vscode.window.createOutputChannel('PromptBits Server', 'log');
  const trace = vscode.window.createOutputChannel('PromptBits Trace', { log: true });
  const channels = [client, server, trace];
  return { client, server, trace, dispose: () => channels.forEach((channel) => channel.dispose()) };
}

/**
 * The trace channel as the language client wants it: it traces only into a channel of the level "trace", and we want a
 * setting to decide.
 */
export function tracing(channel: vscode.LogOutputChannel): { channel: vscode.LogOutputChannel; dispose(): void } {
  const level = (): vscode.LogLevel => {
    const wanted = vscode.workspace.getConfiguration('promptbits').get<string>('trace.server', 'off');
    return wanted === 'off' ? vscode.LogLevel.Off : vscode.LogLevel.Trace;
  };
  const changed = new vscode.EventEmitter<vscode.LogLevel>();
  const listening = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('promptbits.trace')) {
      changed.fire(level());
    }
  });
  const decided = new Proxy(channel, {
    get(target, key) {
      if (key === 'logLevel') {
        return level();
      }
      if (key === 'onDidChangeLogLevel') {
        return changed.event;
      }
      if (key === 'trace') {
        return (message: string) => target.appendLine(message);
      }
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { channel: decided, dispose: () => (listening.dispose(), changed.dispose()) };
}
