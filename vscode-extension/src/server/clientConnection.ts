/** The connection that features see, over whichever server runs just now. */
import * as vscode from 'vscode';
import { ErrorCodes, ResponseError } from 'vscode-languageclient';
import type { NotificationType0, RequestType, RequestType0 } from 'vscode-languageclient';
import type { LanguageClient } from 'vscode-languageclient/node';
import { NotRunningError, type Connection } from './connection';
import type { ServerState } from './state';

/** Without a token, the client would send an `undefined` beside the parameters. */
const NO_TOKEN = new vscode.CancellationTokenSource().token;

const CUT_OFF: readonly number[] = [
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
  ErrorCodes.MessageWriteError,
];

type Attach = (client: LanguageClient) => { dispose(): void };

/** Keeps what features have registered and hands it to each client; features never see one stop and another start. */
export class ClientConnection implements Connection, vscode.Disposable {
  #client: LanguageClient | undefined;
  #state: ServerState = { kind: 'starting', doing: 'PromptBits: starting' };
  readonly #attachments = new Map<Attach, { dispose(): void } | undefined>();
  readonly #notifications = new Map<string, vscode.EventEmitter<void>>();
  readonly #started = new vscode.EventEmitter<void>();
  readonly #stateChanged = new vscode.EventEmitter<ServerState>();

  readonly onDidStart = this.#started.event;
  readonly onDidChangeState = this.#stateChanged.event;

  get running(): boolean {
    return this.#state.kind === 'running';
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Told by whoever starts and stops servers. */
  setState(state: ServerState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
    if (state.kind === 'running') {
      this.#started.fire();
    }
  }

  /** The client from now on, before it starts, or none. */
  use(client: LanguageClient | undefined): void {
    for (const attached of this.#attachments.values()) {
      attached?.dispose();
    }
    this.#client = client;
    for (const attach of this.#attachments.keys()) {
      this.#attachments.set(attach, client && attach(client));
    }
  }

  async request<P, R, E>(type: RequestType<P, R, E>, params: P, token?: vscode.CancellationToken): Promise<R> {
    return this.#ask((client) => client.sendRequest<R>(type.method, params, token ?? NO_TOKEN), token);
  }

  async request0<R, E>(type: RequestType0<R, E>, token?: vscode.CancellationToken): Promise<R> {
    return this.#ask((client) => client.sendRequest<R>(type.method, token ?? NO_TOKEN), token);
  }

  onNotification0(type: NotificationType0, handler: () => void): { dispose(): void } {
    return this.#notified(type).event(handler);
  }

  /** A client keeps one handler for each method, the last: it is ours, and passes on to all who listen. */
  #notified(type: NotificationType0): vscode.EventEmitter<void> {
    const known = this.#notifications.get(type.method);
    if (known) {
      return known;
    }
    const emitter = new vscode.EventEmitter<void>();
    this.#notifications.set(type.method, emitter);
    this.onCreate((client) => client.onNotification(type, () => emitter.fire()));
    return emitter;
  }

  onCreate(attach: Attach): { dispose(): void } {
    // Registering the same function twice gives two registrations.
    const own: Attach = (client) => attach(client);
    this.#attachments.set(own, this.#client && own(this.#client));
    return {
      dispose: () => {
        this.#attachments.get(own)?.dispose();
        this.#attachments.delete(own);
      },
    };
  }

  dispose(): void {
    this.use(undefined);
    for (const emitter of this.#notifications.values()) {
      emitter.dispose();
    }
    this.#started.dispose();
    this.#stateChanged.dispose();
  }

  /** Asks the server; where it is exchanged for another one meanwhile, that one is asked. All our requests only read. */
  async #ask<R>(send: (client: LanguageClient) => Promise<R>, token?: vscode.CancellationToken): Promise<R> {
    for (;;) {
      const client = await this.#running(token);
      try {
        return await send(client);
      } catch (error) {
        if (client === this.#client) {
          throw isCutOff(error)
            ? new Error('The PromptBits server ended while it was asked.', { cause: error })
            : error;
        }
      }
    }
  }

  /** The client of a server that runs; waits for one that starts. */
  async #running(token?: vscode.CancellationToken): Promise<LanguageClient> {
    while (this.#state.kind === 'starting') {
      await this.#nextState(token);
    }
    if (this.#state.kind === 'stopped' || !this.#client) {
      throw new NotRunningError(
        this.#state.kind === 'stopped' ? this.#state.reason : 'The PromptBits server does not run.',
      );
    }
    return this.#client;
  }

  #nextState(token?: vscode.CancellationToken): Promise<void> {
    return new Promise((resolve, reject) => {
      const waits: vscode.Disposable[] = [];
      const done = (settle: () => void): void => {
        for (const wait of waits) {
          wait.dispose();
        }
        settle();
      };
      waits.push(this.onDidChangeState(() => done(resolve)));
      if (token) {
        waits.push(token.onCancellationRequested(() => done(() => reject(new vscode.CancellationError()))));
      }
    });
  }
}

/** Whether there will never be an answer, because the connection is gone. */
function isCutOff(error: unknown): boolean {
  return error instanceof ResponseError && CUT_OFF.includes(error.code);
}
