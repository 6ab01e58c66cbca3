/** A run that cannot be: skipped with one line, a failure where CI=true. */
import { NoEditorError } from './project';

/** The exit code of a run. */
export async function skippable(name: string, run: () => Promise<boolean>): Promise<number> {
  try {
    return (await run()) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NoEditorError)) {
      throw error;
    }
    const skipped = process.env['CI'] !== 'true';
    console.log(`${skipped ? 'skipped' : 'failed'}: ${name}: ${error.message}`);
    return skipped ? 0 : 1;
  }
}
