/** Reviews: what is proposed is offered, shows in its view, and is compared side by side. */
import type { Step } from './step';

export const reviews: Step = {
  name: 'reviews',
  async run(bench) {
    await bench.openFile('prompts/custom/report.json');
    await bench.see('.codelens-decoration');
    await bench.command('PromptBits: Optimize…');
    const compare = '.notifications-toasts .monaco-button';
    await bench.see('.notifications-toasts', /review 1: \d+ proposal/);
    await bench.act(
      () => bench.first(compare, 'Compare').click(),
      (timeout) => bench.first('.tab.active', /report: now ↔ candidate \d+ of review 1/).waitFor({ timeout }),
    );
    await bench.see('.monaco-diff-editor .modified-in-monaco-diff-editor');
    await bench.see('.sidebar .monaco-list-row', /^report.*#1 · \d+ proposal/s);
    await bench.see('.sidebar .monaco-list-row', /^Candidate 1/);
    await bench.screenshot('reviews');
  },
};
