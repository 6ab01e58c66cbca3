/** Uses the real workbench, with the extension as it is packaged, and takes a picture of each feature. */
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openWindow } from '../harness/browser';
import { build, packaged } from '../harness/built';
import { Code } from '../harness/code';
import { editor, EXTENSION, SCREENSHOTS } from '../harness/project';
import { serverSettings } from '../harness/settings';
import { skippable } from '../harness/skippable';
import { Workbench } from '../harness/workbench';
import { oneFolder } from '../harness/workspace';
import { content } from './steps/content';
import { firstStart } from './steps/firstStart';
import { library } from './steps/library';
import { panels } from './steps/panels';
import { preview } from './steps/preview';
import { problems } from './steps/problems';
import { reviews } from './steps/reviews';
import { statistics } from './steps/statistics';
import type { Step } from './steps/step';
import { typing } from './steps/typing';

const STEPS: Step[] = [problems, typing, content, library, reviews, preview, statistics, panels, firstStart];

/** The exit code. */
export function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { development: { type: 'boolean', default: false } },
  });
  return skippable('the workbench', async () => {
    editor('chromium');
    editor('vscode');
    const steps = STEPS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    if (steps.length === 0) {
      console.error(`no such step: there are ${STEPS.map(({ name }) => name).join(', ')}`);
      return false;
    }
    return values.development ? inDevelopment(steps) : asPackaged(steps);
  });
}

/** With the extension as it is published: the steps that share a window, then the others. */
async function asPackaged(steps: Step[]): Promise<boolean> {
  const vsix = [await packaged()];
  const shared = steps.filter(({ settings }) => settings === undefined);
  let passed = shared.length === 0 || (await use(shared, vsix));
  for (const step of steps.filter(({ settings }) => settings !== undefined)) {
    step.prepare?.();
    passed = (await use([step], vsix)) && passed;
  }
  return passed;
}

/** With the extension as it is built, which is quicker; it carries no server to install. */
function inDevelopment(steps: Step[]): Promise<boolean> {
  build();
  const shared = steps.filter(({ settings }) => settings === undefined);
  return use(shared, [], EXTENSION);
}

async function use(steps: Step[], vsix: string[], developed?: string): Promise<boolean> {
  const workspace = await oneFolder();
  const settings = { ...serverSettings(), 'editor.inlayHints.enabled': 'on', ...steps[0]?.settings };
  const code = await Code.start({ settings, vsix });
  const { page, close } = await openWindow();
  const bench = new Workbench(page, workspace.folder);
  const failed: string[] = [];
  // Where the window does not even open, what there is stays.
  let done = false;
  try {
    const payload: [string, string][] = developed ? [['extensionDevelopmentPath', code.remote(developed)]] : [];
    await bench.open(code.window(workspace.place, payload));
    for (const step of steps) {
      if (!(await take(bench, step))) {
        failed.push(step.name);
      }
      await bench.tidy().catch(() => undefined);
    }
    done = failed.length === 0;
  } finally {
    await close();
    await code.stop(!done);
    if (done) {
      await workspace.remove();
    } else {
      console.log(`    kept: the workspace ${workspace.folder}, VS Code's state ${code.state}`);
    }
  }
  return done;
}

/** Takes a step and says how it went; the picture of a failure has its name. */
async function take(bench: Workbench, step: Step): Promise<boolean> {
  const start = Date.now();
  const picture = `failed-${step.name}`;
  await rm(`${SCREENSHOTS}/${picture}.png`, { force: true });
  try {
    await step.run(bench);
    console.log(`workbench, ${step.name}: passed in ${seconds(start)} s`);
    return true;
  } catch (error) {
    await bench.screenshot(picture);
    console.log(`workbench, ${step.name}: failed after ${seconds(start)} s; see .screenshots/${picture}.png`);
    console.log(error instanceof Error ? (error.stack ?? error.message).replace(/^/gm, '    ') : error);
    return false;
  }
}

function seconds(start: number): string {
  return ((Date.now() - start) / 1000).toFixed(1);
}
