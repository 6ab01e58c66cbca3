/** A step of the run: a feature as a person uses it. */
import type { Workbench } from '../../harness/workbench';

export interface Step {
  name: string;
  run(bench: Workbench): Promise<void>;
  /** A step that needs other settings has a window of its own, and the package, not the extension in development. */
  settings?: Record<string, unknown>;
  /** What has to be there first. */
  prepare?: () => void;
}
