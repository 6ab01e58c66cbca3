/** Typing: a completion that is accepted, and a quick fix. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Step } from './step';

const FILE = 'prompts/custom/broken.json';

export const typing: Step = {
  name: 'typing',
  async run(bench) {
    const file = path.join(bench.folder, FILE);
    const before = await readFile(file, 'utf8');
    await bench.openFile(FILE);
    await bench.see('.squiggly-warning');
    await bench.goTo(before, ' well.');
    await bench.page.keyboard.type(' and <<');
    const offer = '.suggest-widget.visible .monaco-list-row';
    await bench.act(
      async () => {
        if (!(await bench.first(offer).isVisible())) {
          await bench.page.keyboard.press('Control+Space');
        }
      },
      (timeout) => bench.first(offer, 'name').waitFor({ timeout }),
    );
    await bench.screenshot('completion');
    await bench.first(offer, 'name').click();
    await bench.seeText('and <<name>>');
    await bench.goTo(before, 'nmae');
    await bench.press('Control+.', '.action-widget', 'Change to <<name>>');
    await bench.screenshot('quick-fix');
    await bench.page.keyboard.press('Enter');
    await bench.seeText('Greet <<name>>');
    await bench.gone('.squiggly-warning');
    await bench.save();
    const after = before.replace('Greet <<nmae>> well.', 'Greet <<name>> and <<name>> well.');
    await bench.until('the edit on disk', async () => (await readFile(file, 'utf8')) === after);
  },
};
