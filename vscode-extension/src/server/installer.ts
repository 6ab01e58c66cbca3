/** Installing the bundled server into a private environment: asks, shows progress, tells what went wrong. */
import * as vscode from 'vscode';
import {
  install,
  olderEnvironment,
  readBundle,
  tidy,
  upgradeOffline,
  workingEnvironment,
  type Bundle,
  type InstallRequest,
} from './environment';
import { ON_FAILURE, tellError } from './messages';
import { findInterpreters, isUsable, OLDEST_PYTHON, usualCommands, type Interpreter, type Probe } from './python';
import { activePythons } from './pythonExtension';
import { InstallError, type RunOptions } from './running';
import { serverSettings } from './settings';

const DECLINED = 'promptbits.installDeclined';

export class Installer {
  readonly #storage: string;
  readonly #bundleFolder: string;
  #running: Promise<boolean> | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.#storage = context.globalStorageUri.fsPath;
    this.#bundleFolder = vscode.Uri.joinPath(context.extensionUri, 'bundled').fsPath;
  }

  /** The Python of the private environment; one of another version is upgraded first if that needs no download. */
  async existing(probe: Probe): Promise<Interpreter | undefined> {
    const request = await this.#request();
    if (!request) {
      return undefined;
    }
    const found = await workingEnvironment(request, probe);
    if (found) {
      void tidy(this.#storage, request.bundle.version);
      return found;
    }
    const older = await olderEnvironment(request);
    if (older && (await upgradeOffline(request, older, this.#runOptions()).catch(() => false))) {
      this.log.info(`The private environment was upgraded to ${request.bundle.version}.`);
      return workingEnvironment(request, probe);
    }
    return undefined;
  }

  /** Asks whether to install, once; true when a server is there afterwards. */
  async offer(base: Interpreter | undefined, probe: Probe): Promise<boolean> {
    const bundle = await readBundle(this.#bundleFolder);
    if (!bundle) {
      tellError('This build of PromptBits carries no server: set promptbits.server.command or an interpreter.');
      return false;
    }
    if (this.context.globalState.get(DECLINED) === bundle.version) {
      this.log.info('The installation was declined before; the command "PromptBits: Install the Server" does it.');
      return false;
    }
    const answer = await vscode.window.showInformationMessage(
      question(bundle),
      'Install',
      'Select Interpreter',
      'Not Now',
    );
    if (answer === 'Install') {
      return this.install(base, probe);
    }
    if (answer === 'Not Now') {
      await this.context.globalState.update(DECLINED, bundle.version);
    } else if (answer) {
      await vscode.commands.executeCommand('promptbits.selectInterpreter');
    }
    return false;
  }

  /** Installs, without asking. One at a time: a second call shares the first. */
  install(base: Interpreter | undefined, probe: Probe): Promise<boolean> {
    return (this.#running ??= this.#install(base, probe).finally(() => (this.#running = undefined)));
  }

  async #install(base: Interpreter | undefined, probe: Probe): Promise<boolean> {
    const request = await this.#request();
    const python = base ?? (await this.#findPython(probe));
    if (!request || !python) {
      tellError(
        request
          ? `PromptBits needs Python ${OLDEST_PYTHON} or newer, and none was found. Install it, or select one that you have.`
          : 'This build of PromptBits carries no server: set promptbits.server.command or an interpreter.',
      );
      return false;
    }
    this.log.info(`Installing the server ${request.bundle.version} with Python ${python.version}, ${python.path}`);
    try {
      await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: 'Installing the PromptBits server',
          cancellable: true,
        },
        async (progress, token) => {
          const aborting = new AbortController();
          token.onCancellationRequested(() => aborting.abort());
          await install(request, python, {
            ...this.#runOptions(),
            signal: aborting.signal,
            onLine: (line) => {
              this.log.info(line);
              const message = shortened(line);
              if (message !== undefined) {
                progress.report({ message });
              }
            },
          });
        },
      );
      await this.context.globalState.update(DECLINED, undefined);
      return true;
    } catch (error) {
      if ((error as Error).name === 'AbortError' || (error instanceof InstallError && error.message === 'cancelled')) {
        this.log.info('The installation was cancelled; nothing is left of it.');
      } else {
        const problem = error instanceof Error ? error.message : String(error);
        this.log.error(problem);
        tellError(`The PromptBits server could not be installed: ${problem}`, ON_FAILURE);
      }
      return false;
    }
  }

  async #findPython(probe: Probe): Promise<Interpreter | undefined> {
    for (const path of await activePythons()) {
      const found = await probe([path]);
      if (isUsable(found)) {
        return found;
      }
    }
    const [first] = await findInterpreters(usualCommands(process.platform), probe);
    return first;
  }

  async #request(): Promise<InstallRequest | undefined> {
    const bundle = await readBundle(this.#bundleFolder);
    return (
      bundle && {
        bundle,
        bundleFolder: this.#bundleFolder,
        storage: this.#storage,
        wheelFolder: serverSettings().wheelFolder,
        platform: process.platform,
      }
    );
  }

  #runOptions(): RunOptions {
    return { cwd: this.#storage, onLine: (line) => this.log.info(line) };
  }
}

function question({ packages }: Bundle): string {
  const folder = serverSettings().wheelFolder;
  const source =
    folder === ''
      ? `It downloads ${packages} packages from your package index.`
      : `It takes ${packages} packages from ${folder}.`;
  return `Install the PromptBits server into a private environment? ${source}`;
}

/** What pip is doing, without paths, addresses and long lists; undefined for lines that do not tell. */
function shortened(line: string): string | undefined {
  const [, doing, what = ''] =
    /^\s*(Collecting|Downloading|Installing|Processing|Using cached|Building)\s+(.*)/.exec(line) ?? [];
  return (
    doing &&
    `${doing} ${what
      .replace(/:.*/, '')
      .replace(/\S*[/\\]/g, '')
      .slice(0, 60)}`
  );
}
