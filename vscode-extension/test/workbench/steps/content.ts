/** The content as Markdown: edited, saved, and only what was edited is other on disk. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Step } from './step';

const FILE = 'prompts/builtin/greet.json';

export const content: Step = {
  name: 'content',
  async run(bench) {
    const file = path.join(bench.folder, FILE);
    const before = await readFile(file, 'utf8');
    await bench.openFile(FILE);
    await bench.act(
      () => bench.first('.codelens-decoration a', 'Edit as Markdown').click(),
      (timeout) => bench.first('.tab.active[data-resource-name="greet.json.md"]').waitFor({ timeout }),
    );
    await bench.seeText('# Greeting');
    await bench.goTo('# Greeting\n\nGreet <<name>>', ' <<name>>');
    await bench.page.keyboard.type(' kindly');
    await bench.seeText('Greet kindly <<name>>');
    // Numbers belong to a text: this one has none yet, saved or not.
    await bench.see('.codelens-decoration', 'changed text: not measured yet · the text before: 80.0 % of 140');
    await bench.screenshot('content');
    await bench.save();
    const after = before.replace('Greet <<name>>', 'Greet kindly <<name>>');
    await bench.until('the edit on disk', async () => (await readFile(file, 'utf8')) === after);
  },
};
