/** What the features of the extension know of the server. */
import type { CancellationToken, Event } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { NotificationType0, RequestType, RequestType0 } from 'vscode-languageclient';

export interface Connection {
  /** Sends a request once the server runs. Rejects with the server's own message, or with one that says why none runs. */
  request<P, R, E>(type: RequestType<P, R, E>, params: P, token?: CancellationToken): Promise<R>;
  request0<R, E>(type: RequestType0<R, E>, token?: CancellationToken): Promise<R>;
  /** Also for servers that are started later. */
  onNotification0(type: NotificationType0, handler: () => void): { dispose(): void };
  /** Called with each client before it starts, to register what it answers; what is returned goes with that client. */
  onCreate(attach: (client: LanguageClient) => { dispose(): void }): { dispose(): void };
  /** A server runs, for the first time or anew: what was asked before may be out of date. */
  readonly onDidStart: Event<void>;
  /** Whether one runs now. */
  readonly running: boolean;
}

/** Why a request was not sent: there is no server. Views say so by themselves (`viewsWelcome`). */
export class NotRunningError extends Error {}
