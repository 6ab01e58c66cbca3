/** What each picture shows, and the gestures that lead there. */
import type { Workbench } from '../harness/workbench';
import { PROMPTS } from './prompts';

const NOTES = 'prompts/custom/release-notes.json';
const LEARNED = 'prompts/learned/support-reply-v2.json';

export interface Shot {
  /** The size of the window. */
  width: number;
  height: number;
  /** Begins with no editor open, and ends with what is to be seen. */
  take: (bench: Workbench) => Promise<void>;
}

/** The pictures by name. */
export const SHOTS: Record<string, Shot> = {
  editor: { width: 1200, height: 740, take: editor },
  content: { width: 1400, height: 740, take: content },
  statistics: { width: 1200, height: 1190, take: statistics },
};

/** A prompt that is being edited, and what is said of it. */
async function editor(bench: Workbench): Promise<void> {
  await bench.openFile(LEARNED);
  await bench.see('.codelens-decoration', '%');
  await bench.goTo(PROMPTS[LEARNED] ?? '', '\\n\\n1. Say');
  await bench.page.keyboard.type(' Name <<prodcut>> once.');
  await bench.see('.squiggly-warning');
  // Before the editor loses the focus: VS Code asks for lenses only while it has it.
  await bench.see('.codelens-decoration', 'changed text');
  await bench.command('Problems: Focus on Problems View');
  await bench.see('.markers-panel .monaco-list-row', 'prodcut');
  await bench.focusEditor();
  await hideSideBar(bench);
}

/** The library, a prompt, and its content beside it. */
async function content(bench: Workbench): Promise<void> {
  const row = '.sidebar .monaco-list-row';
  await bench.act(
    () => bench.first('.activitybar .action-label[aria-label^="PromptBits"]').click(),
    (timeout) => bench.first(row, 'Custom').waitFor({ timeout }),
  );
  await bench.see(row, /^support-reply-v2.*%/s);
  await bench.openFile(NOTES);
  await bench.see('.codelens-decoration', '%');
  await bench.command('PromptBits: Edit Content as Markdown');
  await bench.see('.tab.active[data-resource-name="release-notes.json.md"]');
  await bench.command('View: Move Editor into Next Group');
  await bench.see('.editor-group-container:not(.active) .codelens-decoration', '%');
  await bench.see('.editor-group-container.active .codelens-decoration', '%');
  await widenSideBar(bench, 60);
}

/** What is measured of a prompt and of the one it evolved from. */
async function statistics(bench: Workbench): Promise<void> {
  await bench.openFile(LEARNED);
  await bench.see('.codelens-decoration', '%');
  await bench.command('PromptBits: Statistics');
  await bench.webview('[data-testid="chart-rate"] canvas');
  await hideSideBar(bench);
}

/** Drags its edge, so that the numbers in the library are seen. */
async function widenSideBar(bench: Workbench, more: number): Promise<void> {
  const bar = bench.first('.part.sidebar');
  const before = await bar.boundingBox();
  if (before === null) {
    throw new Error('there is no side bar');
  }
  const [edge, middle] = [before.x + before.width, before.y + before.height / 2];
  await bench.page.mouse.move(edge, middle);
  await bench.page.mouse.down();
  await bench.page.mouse.move(edge + more, middle, { steps: 5 });
  await bench.page.mouse.up();
  await bench.page.mouse.move(0, 0);
  await bench.until('a wider side bar', async () => ((await bar.boundingBox())?.width ?? 0) > before.width);
}

async function hideSideBar(bench: Workbench): Promise<void> {
  if (await bench.first('.part.sidebar').isVisible()) {
    await bench.command('View: Toggle Primary Side Bar Visibility');
    await bench.gone('.part.sidebar');
  }
}
