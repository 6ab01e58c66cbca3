/** A broken prompt: what VS Code shows of it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Step } from './step';

const FILE = 'prompts/custom/broken.json';

export const problems: Step = {
  name: 'problems',
  async run(bench) {
    await bench.openFile(FILE);
    await bench.see('.squiggly-error');
    await bench.see('.squiggly-warning');
    await bench.see('.codelens-decoration', 'Edit as Markdown');
    // An inlay hint: the default behind the placeholder.
    await bench.seeText('= Ada');
    await bench.command('Problems: Focus on Problems View');
    await bench.see('.markers-panel .monaco-list-row', '"nmae" is not declared');
    await bench.see('.markers-panel .monaco-list-row', 'confidence');
    await bench.screenshot('problems');
    await bench.goTo(await readFile(path.join(bench.folder, FILE), 'utf8'), 'nmae');
    await bench.act(
      () => bench.command('Show or Focus Hover'),
      (timeout) => bench.first('.monaco-hover', 'not declared in variables').waitFor({ timeout }),
    );
    await bench.screenshot('hover');
  },
};
