/** The library: what there is, what is measured of it, and where it opens. */
import type { Step } from './step';

export const library: Step = {
  name: 'library',
  async run(bench) {
    const row = '.sidebar .monaco-list-row';
    await bench.act(
      () => bench.first('.activitybar .action-label[aria-label^="PromptBits"]').click(),
      (timeout) => bench.first(row, 'Custom').waitFor({ timeout }),
    );
    await bench.see(row, /^report.*50\.0 % of 120/s);
    await bench.see(row, /^report-brief.*83\.3 % of 60/s);
    await bench.see(row, /^broken.*not measured/s);
    await bench.screenshot('library');
    await bench.act(
      () => bench.first(row, /^report-brief/).click(),
      (timeout) => bench.first('.tab.active[data-resource-name="report-brief.json"]').waitFor({ timeout }),
    );
  },
};
