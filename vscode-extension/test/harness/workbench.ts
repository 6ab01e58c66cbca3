/** VS Code's workbench in a browser, as a person uses it: each gesture is repeated until its effect is there. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { SCREENSHOTS } from './project';

const EFFECT_MS = 4000;
const TRIES = 6;
const WAIT_MS = 20_000;
const START_MS = 60_000;

/** The editor that has the focus, or had it last. */
export const EDITOR = '.editor-group-container.active .monaco-editor[role="code"]';

export class Workbench {
  constructor(
    readonly page: Page,
    /** The folder that is open. */
    readonly folder: string,
  ) {}

  /** Opens the address of a window and waits until it can be used. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.page.locator('.monaco-workbench').waitFor({ timeout: START_MS });
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: START_MS });
  }

  /** The first visible element of a kind, with a text in it if one is given. */
  first(selector: string, hasText?: string | RegExp): Locator {
    const all = this.page.locator(selector).filter({ visible: true });
    return (hasText === undefined ? all : all.filter({ hasText })).first();
  }

  /** Waits for an element. */
  async see(selector: string, hasText?: string | RegExp): Promise<Locator> {
    const element = this.first(selector, hasText);
    await element.waitFor({ timeout: WAIT_MS });
    return element;
  }

  /** Waits until there is no such element. */
  async gone(selector: string, hasText?: string | RegExp): Promise<void> {
    await this.first(selector, hasText).waitFor({ state: 'hidden', timeout: WAIT_MS });
  }

  /** Acts, and again where the effect does not come: what is just being drawn loses clicks and keys. */
  async act(gesture: () => Promise<unknown>, effect: (milliseconds: number) => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries++) {
      await gesture();
      try {
        await effect(EFFECT_MS);
        return;
      } catch (error) {
        if (tries === TRIES) {
          throw error;
        }
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Presses keys until an element is there. */
  async press(keys: string, selector: string, hasText?: string | RegExp): Promise<Locator> {
    const element = this.first(selector, hasText);
    await this.act(
      () => this.page.keyboard.press(keys),
      (timeout) => element.waitFor({ timeout }),
    );
    return element;
  }

  /** Fills the box at the top and takes the row that is wanted. */
  async pick(keys: string, text: string, row?: string): Promise<void> {
    const input = await this.press(keys, '.quick-input-widget .quick-input-box input');
    await input.fill(text);
    if (row !== undefined) {
      await this.see('.quick-input-list .monaco-list-row', row);
    }
    await this.page.keyboard.press('Enter');
  }

  /** Runs a command by its title. */
  async command(title: string): Promise<void> {
    await this.pick('F1', `>${title}`, title);
  }

  /** Opens a file by its path in the folder. */
  async openFile(file: string): Promise<void> {
    const name = path.basename(file);
    const input = await this.press('Control+P', '.quick-input-widget .quick-input-box input');
    await input.fill(file);
    // Not just the first row: files that were open before come first, and their names may be longer.
    await (await this.see(`.quick-input-list .monaco-list-row[aria-label^="${name} ${path.dirname(file)}"]`)).click();
    await this.see(`.tab.active[data-resource-name="${name}"]`);
  }

  /** Puts the cursor before a piece of text of a file. The text is that on disk, unless another is given. */
  async goTo(text: string, piece: string, offset = 0): Promise<void> {
    const before = text.slice(0, text.indexOf(piece) + offset);
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    await this.focusEditor();
    await this.pick('Control+G', `:${line}:${column}`);
    await this.see('.statusbar-item', `Ln ${line}, Col ${column}`);
  }

  async focusEditor(): Promise<void> {
    await this.act(
      () => this.page.keyboard.press('Control+1'),
      (timeout) =>
        this.page.waitForFunction(() => document.activeElement?.closest('.monaco-editor'), undefined, { timeout }),
    );
  }

  /** What the active editor shows, with plain blanks. */
  async text(): Promise<string> {
    const lines = await this.page.locator(`${EDITOR} .view-line`).allInnerTexts();
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Waits until the active editor shows a text. */
  async seeText(piece: string): Promise<void> {
    await this.until(`the text ${piece}`, async () => (await this.text()).includes(piece));
  }

  /** Waits until something holds. */
  async until(what: string, holds: () => Promise<boolean>, milliseconds = WAIT_MS): Promise<void> {
    const end = Date.now() + milliseconds;
    while (!(await holds())) {
      if (Date.now() > end) {
        throw new Error(`there never was ${what}`);
      }
      await this.page.waitForTimeout(50);
    }
  }

  /** Saves the active editor. */
  async save(): Promise<void> {
    await this.act(
      () => this.page.keyboard.press('Control+S'),
      (timeout) => this.page.locator('.tab.active.dirty').waitFor({ state: 'detached', timeout }),
    );
  }

  /** The document inside the webview of the active tab whose title has a text. */
  async webview(selector: string): Promise<Locator> {
    let found: Locator | undefined;
    await this.until(`a webview with ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        const element = frame.locator(selector).first();
        if (await element.isVisible().catch(() => false)) {
          found = element;
          return true;
        }
      }
      return false;
    });
    if (found === undefined) {
      throw new Error('unreachable');
    }
    return found;
  }

  /** Closes all editors and the panel, and shows the explorer. */
  async tidy(): Promise<void> {
    await this.page.keyboard.press('Escape');
    if (await this.first('.part.panel').isVisible()) {
      await this.command('View: Hide Panel');
      await this.gone('.part.panel');
    }
    await this.command('View: Close All Editors');
    await this.page.locator('.tab').first().waitFor({ state: 'detached', timeout: WAIT_MS });
    await this.page.keyboard.press('Control+Shift+E');
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  }
}
