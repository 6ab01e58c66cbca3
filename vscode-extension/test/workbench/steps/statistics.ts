/** The statistics: a chart that is drawn, and the numbers that were imported. */
import type { Step } from './step';

export const statistics: Step = {
  name: 'statistics',
  async run(bench) {
    await bench.openFile('prompts/custom/report.json');
    await bench.see('.codelens-decoration'); // the command is there for prompts only
    await bench.command('PromptBits: Statistics');
    const canvas = await bench.webview('canvas');
    await bench.until('a chart', () => canvas.evaluate(isDrawn));
    // 60 of 120 conversations.
    await bench.webview('table :text("50.0 %")');
    await bench.screenshot('statistics');
  },
};

/** Whether a canvas has dots of several colours. */
function isDrawn(canvas: Element): boolean {
  if (!(canvas instanceof HTMLCanvasElement)) {
    return false;
  }
  const context = canvas.getContext('2d');
  const data = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
  const colors = new Set(new Uint32Array(data.buffer));
  return colors.size > 3;
}
