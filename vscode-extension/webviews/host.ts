/** The way from a page to its panel. */
import type { KeptState } from '../src/webview/messages';

interface Api {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): Api;

/** What the page keeps: the prompt, and how it is shown. */
type Kept = Partial<KeptState> & Record<string, unknown>;

/** Messages to the panel and from it. */
export interface Channel<Outgoing, Incoming> {
  /** Listens, and then says that the page is ready: nothing that the panel answers is missed. */
  start(receive: (message: Incoming) => void): void;
  post(message: Outgoing): void;
  kept(): Kept;
  /** Adds to what is kept while the panel is hidden and over a reload of the window. */
  keep(more: Kept): void;
}

/** The channel of this page: there is one. */
export function connect(): Channel<unknown, never> {
  const api = acquireVsCodeApi();
  const kept = (): Kept => {
    const state = api.getState();
    return typeof state === 'object' && state !== null ? (state as Kept) : {};
  };
  return {
    start(receive) {
      window.addEventListener('message', (event) => receive(event.data as never));
      api.postMessage({ type: 'ready' });
    },
    post: (message) => api.postMessage(message),
    kept,
    keep: (more) => api.setState({ ...kept(), ...more }),
  };
}
