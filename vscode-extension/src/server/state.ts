/** What the server is doing, for everything that shows or waits for it. */
import type { Launch } from './serverProcess';

export type ServerState =
  | { kind: 'starting'; doing: string }
  | { kind: 'running'; version: string; launch: Launch; process: number | undefined }
  /** None runs. `missing`: it is not installed; else something is wrong with what should run. */
  | { kind: 'stopped'; missing: boolean; reason: string };

/** The line of the status item. */
export function describe(state: ServerState): string {
  switch (state.kind) {
    case 'starting':
      return state.doing;
    case 'running':
      return `PromptBits ${state.version}`;
    case 'stopped':
      return state.missing ? 'PromptBits: no server' : 'PromptBits: not running';
  }
}
