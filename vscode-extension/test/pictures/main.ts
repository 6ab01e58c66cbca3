/** Takes the pictures of the documentation in the real workbench, with the packaged extension. See ../README.md. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWindow } from '../harness/browser';
import { packaged } from '../harness/built';
import { Code } from '../harness/code';
import { editor, PROJECT, python, run } from '../harness/project';
import { serverSettings } from '../harness/settings';
import { skippable } from '../harness/skippable';
import { Workbench } from '../harness/workbench';
import { facts } from './facts';
import { PROMPTS } from './prompts';
import { SHOTS, type Shot } from './shots';

/** What the reader looks at is the extension, so everything else of the window is left out. */
const SETTINGS = {
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.layoutControl.enabled': false,
  'workbench.editor.showTabs': 'multiple',
  'window.menuBarVisibility': 'hidden',
  'editor.minimap.enabled': false,
  'editor.inlayHints.enabled': 'on',
  'editor.cursorBlinking': 'solid',
  'editor.renderLineHighlight': 'none',
  'editor.scrollBeyondLastLine': false,
  'breadcrumbs.enabled': false,
  'files.exclude': { '**/.promptbits': true },
};
/** More dots than the window has, so that letters stay sharp where a page makes the picture smaller. */
const DOTS = 1.35;

/** Takes all pictures, or those that are named; the exit code. */
export async function main(names: string[]): Promise<number> {
  const shots = Object.entries(SHOTS).filter(([name]) => names.length === 0 || names.includes(name));
  if (shots.length === 0) {
    console.error(`no such picture: there are ${Object.keys(SHOTS).join(', ')}`);
    return 2;
  }
  return skippable('the pictures', async () => {
    editor('chromium');
    editor('vscode');
    const top = await mkdtemp(path.join(tmpdir(), 'promptbits-pictures-'));
    try {
      const pictures = await take(shots, path.join(top, 'support-prompts'), top);
      const shrink = [path.join(PROJECT, 'scripts', 'shrink_pictures.py'), path.join(PROJECT, 'docs', 'pictures')];
      console.log(run(python(), [...shrink, ...pictures], PROJECT).trim());
    } finally {
      await rm(top, { recursive: true, force: true, maxRetries: 5 });
    }
    return true;
  });
}

/** Takes pictures of a window on a new folder of prompts, and puts them into another folder. */
async function take(shots: [string, Shot][], folder: string, into: string): Promise<string[]> {
  await fill(folder);
  const code = await Code.start({ settings: { ...serverSettings(), ...SETTINGS }, vsix: [await packaged()] });
  const { page, close } = await openWindow({ deviceScaleFactor: DOTS });
  const pictures: string[] = [];
  try {
    const bench = new Workbench(page, folder);
    await bench.open(code.window(folder));
    for (const [name, { width, height, take }] of shots) {
      await page.setViewportSize({ width, height });
      await take(bench);
      await bench.gone('.notification-toast');
      const picture = path.join(into, `${name}.png`);
      await page.screenshot({ path: picture });
      pictures.push(picture);
      if (await bench.first('.tab.active.dirty').isVisible()) {
        await bench.command('File: Revert File');
        await bench.gone('.tab.active.dirty');
      }
      await bench.tidy();
    }
  } finally {
    await close();
    await code.stop(false);
  }
  return pictures;
}

async function fill(folder: string): Promise<void> {
  const data = path.join(path.dirname(folder), 'facts.jsonl');
  for (const [name, text] of Object.entries(PROMPTS)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await writeFile(data, facts(new Date()));
  run(python(), ['-m', 'promptbits', 'import', data], folder);
}
