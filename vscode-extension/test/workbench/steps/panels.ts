/** What only a real page can show of the panels: a hostile prompt does nothing, keys and themes reach the charts. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Workbench } from '../../harness/workbench';
import type { Step } from './step';

const EVIL = '<script>document.title = "run"</script> <img src="x" onerror="document.title = \'run\'"> <b>bold</b>';

export const panels: Step = {
  name: 'panels',
  async run(bench) {
    await hostilePrompt(bench);
    await chartsByKeysAndTheme(bench);
  },
};

/** HTML in the content, in a value and in what a variable is called stays text, also as Markdown. */
async function hostilePrompt(bench: Workbench): Promise<void> {
  const prompt = {
    id: 'hostile',
    trigger: { Custom: 'hostile' },
    category: 'Examples',
    content: `${EVIL}\n\n<<what>>\n`,
    variables: { what: { description: EVIL, type: 'string', examples: [EVIL] } },
    confidence: 0.5,
    source: 'Custom',
  };
  await writeFile(path.join(bench.folder, 'prompts/custom/hostile.json'), JSON.stringify(prompt));
  await bench.openFile('prompts/custom/hostile.json');
  await bench.see('.codelens-decoration'); // then VS Code knows that it is a prompt
  await bench.command('PromptBits: Preview with Values');
  await (await bench.webview('[data-testid="value-what"]')).fill(EVIL);
  const page = await bench.webview('main');
  const output = page.locator('[data-testid="preview-output"]');
  await bench.until('the value in the text', async () => (await output.innerText()).split(EVIL).length === 3);
  await page.locator('[data-testid="display-markdown"]').click();
  await output.locator('p').first().waitFor();
  assert.equal((await output.innerText()).split(EVIL).length, 3);
  assert.equal(await page.locator('script, img, b').count(), 0);
  assert.equal(await page.evaluate(runsInline), false, 'the page runs inline scripts');
}

/** Arrow keys show the numbers of a day; another theme gives the charts other colours. */
async function chartsByKeysAndTheme(bench: Workbench): Promise<void> {
  await bench.openFile('prompts/builtin/greet.json');
  await bench.see('.codelens-decoration');
  await bench.command('PromptBits: Statistics');
  const chart = await bench.webview('[data-testid="chart-rate"]');
  const tooltip = chart.locator('[data-testid="chart-tooltip"]');
  await bench.act(
    () => chart.press('End'),
    (timeout) => tooltip.getByText(/^outcomes\d+ of \d+ conversations$/).waitFor({ timeout }),
  );
  await chart.press('Escape');
  await tooltip.waitFor({ state: 'hidden' });

  const canvas = chart.locator('canvas');
  const before = await canvas.evaluate(picture);
  await bench.command('Preferences: Toggle between Light/Dark Themes');
  await bench.until(
    'the chart in the colours of the other theme',
    async () => (await canvas.evaluate(picture)) !== before,
  );
  await bench.command('Preferences: Toggle between Light/Dark Themes');
  await bench.until('the colours that it had', async () => (await canvas.evaluate(picture)) === before);
}

function picture(canvas: Element): string {
  return canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : '';
}

/** Whether a script that is written into the page runs: the content security policy forbids it. */
function runsInline(): boolean {
  const script = document.createElement('script');
  script.textContent = 'document.documentElement.dataset.ran = "yes"';
  document.body.append(script);
  script.remove();
  return document.documentElement.dataset['ran'] === 'yes';
}
