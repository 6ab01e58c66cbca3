/** The first start: the extension asks, installs its server from a folder of wheels, and the prompt has findings. */
import { downloadWheels, WHEELS } from '../../host/firstStart/wheels';
import type { Step } from './step';

const INSTALLED_MS = 60_000;

export const firstStart: Step = {
  name: 'firstStart',
  settings: { 'promptbits.server.command': [], 'promptbits.server.wheelFolder': WHEELS },
  prepare: downloadWheels,
  async run(bench) {
    await bench.openFile('prompts/custom/broken.json');
    const question = await bench.see(
      '.notification-toast',
      'Install the PromptBits server into a private environment?',
    );
    await bench.screenshot('first-start');
    await question.locator('.monaco-button', { hasText: /^Install$/ }).click();
    await bench.first('.squiggly-error').waitFor({ timeout: INSTALLED_MS });
    await bench.see('.codelens-decoration', 'Edit as Markdown');
  },
};
