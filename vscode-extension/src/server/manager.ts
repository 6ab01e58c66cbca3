/** Starts, stops and exchanges servers: chooses one, runs it, and says what became of it. */
import * as vscode from 'vscode';
import { State, type LanguageClient } from 'vscode-languageclient/node';
import { choose, isSameLaunch, type Choice } from './choosing';
import { createClient } from './client';
import type { ClientConnection } from './clientConnection';
import type { Installer } from './installer';
import type { Channels } from './log';
import { ON_FAILURE, tellError } from './messages';
import { probing, type Probe } from './python';
import { Restarts } from './restarts';
import { ServerProcess, type Launch } from './serverProcess';
import { serverSettings, settingNames, surroundings } from './settings';
import { tellSkew } from './skew';

/** How long a server may take to answer `initialize`. */
const PATIENCE_MS = 60_000;

export class ServerManager implements vscode.Disposable {
  readonly probe: Probe;
  /** Where private environments are. */
  readonly storage: string;
  readonly #restarts = new Restarts(() => this.#exchange());
  #client: LanguageClient | undefined;
  #process: ServerProcess | undefined;
  #launch: Launch | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly connection: ClientConnection,
    private readonly channels: Channels,
    private readonly trace: vscode.LogOutputChannel,
    private readonly installer: Installer,
  ) {
    this.storage = context.globalStorageUri.fsPath;
    this.probe = probing(this.storage);
  }

  /** A server anew, chosen anew. Resolves when it runs or when it is known why none does. */
  restart(): Promise<void> {
    return this.#restarts.request();
  }

  /** Settings, trust or interpreters changed: another server only if another one is chosen. */
  async reconsider(): Promise<void> {
    const choice = await this.#choose();
    const same = choice.kind === 'launch' && isSameLaunch(choice.launch, this.#launch) && this.connection.running;
    if (!same) {
      this.channels.client.info('The choice of server has changed.');
      await this.restart();
    }
  }

  /** Makes the private environment anew, without asking: the user has chosen to. */
  async install(): Promise<void> {
    const choice = await this.#choose();
    if (choice.kind === 'launch' && choice.from !== 'private') {
      const name = choice.from === 'command' ? 'promptbits.server.command' : 'promptbits.server.interpreter';
      tellError(`The server is chosen by ${name}. Clear that setting to use one that this extension installs.`, [
        'Select Interpreter',
      ]);
      return;
    }
    if (await this.installer.install(choice.kind === 'install' ? choice.base : undefined, this.probe)) {
      await this.restart();
    }
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    const [client, process] = [this.#client, this.#process];
    this.#client = this.#process = undefined;
    this.connection.use(undefined);
    if (client?.state === State.Running) {
      await client.stop();
    }
    await process?.end();
    await client?.dispose().catch(() => undefined);
  }

  dispose(): void {
    void this.stop();
  }

  async #choose(): Promise<Choice> {
    await vscode.workspace.fs.createDirectory(this.context.globalStorageUri);
    return choose(serverSettings(), surroundings(), this.probe, () => this.installer.existing(this.probe));
  }

  async #exchange(): Promise<void> {
    this.connection.setState({ kind: 'starting', doing: 'PromptBits: starting' });
    try {
      await this.stop();
      const choice = await this.#choose();
      this.#launch = choice.kind === 'launch' ? choice.launch : undefined;
      if (choice.kind === 'launch') {
        await this.#start(choice);
      } else if (choice.kind === 'install') {
        this.#missing(choice);
      } else {
        this.#fail(choice.problem);
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  async #start({ launch, from }: Choice & { kind: 'launch' }): Promise<void> {
    const { client: log, server: serverLog } = this.channels;
    log.info(`Starting ${[launch.command, ...launch.args].join(' ')} (${from})`);
    const process = new ServerProcess(launch, this.storage, (line) => serverLog.appendLine(line));
    const client = createClient({
      process,
      channels: this.channels,
      trace: this.trace,
      settingNames: settingNames(this.context.extension.packageJSON),
      onGaveUp: (why) => this.#gaveUp(client, why),
    });
    [this.#client, this.#process] = [client, process];
    this.connection.use(client);
    const patience = { over: false };
    const slow = setTimeout(() => {
      patience.over = true;
      void process.end();
    }, PATIENCE_MS);
    try {
      await client.start();
      // It also resolves where the server ended at once.
      if (!client.isRunning()) {
        throw new Error('it ended at once');
      }
    } catch (error) {
      const said = process.lastWords ?? (error instanceof Error ? error.message : String(error));
      throw new Error(patience.over ? `it has not answered for ${PATIENCE_MS / 1000} s` : said, { cause: error });
    } finally {
      clearTimeout(slow);
    }
    this.#runs(client, launch);
    client.onDidChangeState(({ newState }) => this.#follow(client, newState, launch));
    tellSkew(this.context, client.initializeResult?.serverInfo?.version ?? '', from);
  }

  #runs(client: LanguageClient, launch: Launch): void {
    const version = client.initializeResult?.serverInfo?.version ?? '';
    const process = this.#process?.pid;
    this.channels.server.appendLine(`[process ${process} has started; what goes wrong in it follows]`);
    this.channels.client.info(`The server runs: version ${version || 'unknown'}, process ${process}`);
    this.connection.setState({ kind: 'running', version, launch, process });
  }

  /** The client restarts a server that crashed by itself: show it, and let features ask anew. */
  #follow(client: LanguageClient, state: State, launch: Launch): void {
    if (client !== this.#client) {
      return;
    }
    if (state === State.Starting) {
      this.channels.client.warn('The server has ended by itself; it is started again.');
      this.connection.setState({ kind: 'starting', doing: 'PromptBits: starting again' });
    } else if (state === State.Running) {
      this.#runs(client, launch);
    } else if (state === State.StartFailed && this.connection.state.kind === 'starting') {
      this.#gaveUp(client, 'did not start again');
    }
  }

  #gaveUp(client: LanguageClient, why: string): void {
    if (client === this.#client) {
      const words = this.#process?.lastWords;
      const reason = `The PromptBits server ${why}${words ? `: ${words}` : '.'}`;
      this.channels.client.error(reason);
      this.connection.setState({ kind: 'stopped', missing: false, reason });
      tellError(reason, ['Restart', ...ON_FAILURE]);
    }
  }

  #fail(problem: string): void {
    const reason = `The PromptBits server did not start: ${problem}`;
    this.channels.client.error(reason);
    this.connection.setState({ kind: 'stopped', missing: false, reason });
    tellError(reason);
  }

  #missing({ base }: Choice & { kind: 'install' }): void {
    const reason = 'The PromptBits server is not installed yet.';
    this.channels.client.info(reason);
    this.connection.setState({ kind: 'stopped', missing: true, reason });
    void this.installer.offer(base, this.probe).then((installed) => (installed ? this.restart() : undefined));
  }
}
