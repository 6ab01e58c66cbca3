/** One suite in a window of its own: a new workspace, new state, a new server. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { openWindow } from '../harness/browser';
import { Code, withoutNoise } from '../harness/code';
import { serverSettings } from '../harness/settings';
import { bundle, type Bundle } from './bundle';
import type { Order } from './entry';
import { describe, type Report } from './report';
import type { Run } from './runs';

const WINDOW_MS = 240_000;
/** How often a suite may fail to begin. */
const MOST_WINDOWS = 3;

export interface Choice {
  /** Which tests, by their titles. */
  grep?: string | undefined;
  /** Show what VS Code and the extensions said. */
  log: boolean;
}

/** Runs a suite and says what failed; whether all passed. `vsix` are packages to install first. */
export async function runSuite(run: Run, name: string, choice: Choice, vsix: string[]): Promise<boolean> {
  const bundled = await bundle(run, name);
  const workspace = await run.workspace();
  const report = path.join(bundled.folder, 'report.json');
  const order: Order = { files: [bundled.suite], grep: choice.grep, report };
  const settings = { ...serverSettings(), ...run.settings };
  const code = await Code.start({ settings, vsix, env: { PROMPTBITS_SUITES: JSON.stringify(order) } });
  const said: string[] = [];
  let passed = false;
  try {
    let exit = 1;
    let found: Report | undefined;
    for (let windows = 0; found === undefined && windows < MOST_WINDOWS; windows += 1) {
      exit = await drive(code, workspace.place, bundled, said);
      found = await read(report);
    }
    passed = exit === 0 && found !== undefined && (found.stats.tests > 0 || choice.grep !== undefined);
    if (choice.log || found === undefined) {
      console.log(`${withoutNoise(said.join('\n'))}\n${await code.log()}`);
    }
    const title = `${run.suites.replace('test/', '')}/${name}`;
    console.log(found ? describe(title, found) : `${title}: no report; the extension host ended with ${exit}`);
  } finally {
    await code.stop(!passed);
    await rm(bundled.folder, { recursive: true, force: true });
    if (passed) {
      await workspace.remove();
    } else {
      console.log(`    kept: the workspace ${workspace.folder}, VS Code's logs ${code.state}/data/logs`);
    }
  }
  return passed;
}

/** Opens the window that starts the extension host, and waits for how its tests end. */
async function drive(code: Code, place: string, bundled: Bundle, said: string[]): Promise<number> {
  const { page, close } = await openWindow();
  // What extensions write to their console comes out in that of the window.
  page.on('console', (message) => said.push(message.text()));
  let late: NodeJS.Timeout | undefined;
  try {
    const ended = new Promise<number>((resolve) => {
      late = setTimeout(() => {
        said.push(`not done after ${WINDOW_MS / 1000} seconds`);
        resolve(1);
      }, WINDOW_MS);
      void page.exposeFunction('codeAutomationLog', () => undefined);
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    const payload: [string, string][] = [
      ['extensionDevelopmentPath', code.remote(bundled.developed)],
      ['extensionTestsPath', code.remote(bundled.entry)],
      ['skipWelcome', 'true'],
    ];
    await page.goto(code.window(place, payload));
    return await ended;
  } finally {
    clearTimeout(late);
    await close();
  }
}

async function read(report: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(report, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
