/** A panel beside the editors: at most one of each kind, which shows one prompt after another. */
import * as vscode from 'vscode';
import { page } from './html';

export interface PanelKind {
  viewType: string;
  /** The name of its files in `dist/webviews`. */
  bundle: string;
}

export interface PanelEvents<Incoming> {
  /** From the page. The first one is `ready`, each time the page has loaded: it knows nothing then. */
  message(message: Incoming): void;
  /** The window was reloaded, and this is what the page had kept. */
  restored(state: unknown): void;
}

/** The side of a panel that its features see. */
export interface Page<Outgoing> {
  /** Does nothing where the page is hidden or closed: it says `ready` when it comes back. */
  post(message: Outgoing): void;
  setTitle(title: string): void;
  readonly open: boolean;
}

export class Panel<Incoming, Outgoing> implements Page<Outgoing>, vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private events: PanelEvents<Incoming> | undefined;
  private readonly serializer: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly kind: PanelKind,
  ) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(kind.viewType, {
      deserializeWebviewPanel: (panel, state) => {
        this.panel?.dispose();
        panel.webview.options = this.options();
        this.adopt(panel);
        this.events?.restored(state);
        return Promise.resolve();
      },
    });
  }

  /** Says who is told of what happens. */
  connect(events: PanelEvents<Incoming>): void {
    this.events = events;
  }

  get open(): boolean {
    return this.panel !== undefined;
  }

  /** Opens it, or brings it to the front where it is. */
  reveal(viewColumn: vscode.ViewColumn, title: string, preserveFocus: boolean): void {
    if (this.panel) {
      this.panel.title = title;
      this.panel.reveal(undefined, preserveFocus);
      return;
    }
    const place = { viewColumn, preserveFocus };
    this.adopt(vscode.window.createWebviewPanel(this.kind.viewType, title, place, this.options()));
  }

  post(message: Outgoing): void {
    void this.panel?.webview.postMessage(message);
  }

  setTitle(title: string): void {
    if (this.panel && this.panel.title !== title) this.panel.title = title;
  }

  dispose(): void {
    this.serializer.dispose();
    this.panel?.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extensionUri, 'images', 'prompt-light.svg'),
      dark: vscode.Uri.joinPath(this.extensionUri, 'images', 'prompt-dark.svg'),
    };
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    panel.webview.onDidReceiveMessage((message: Incoming) => this.events?.message(message));
    const file = (name: string) => panel.webview.asWebviewUri(vscode.Uri.joinPath(this.folder(), name)).toString();
    panel.webview.html = page({
      cspSource: panel.webview.cspSource,
      script: file(`${this.kind.bundle}.js`),
      style: file(`${this.kind.bundle}.css`),
      title: panel.title,
    });
  }

  private options(): vscode.WebviewOptions & vscode.WebviewPanelOptions {
    return { enableScripts: true, localResourceRoots: [this.folder()], enableFindWidget: true };
  }

  private folder(): vscode.Uri {
    return vscode.Uri.joinPath(this.extensionUri, 'dist', 'webviews');
  }
}
