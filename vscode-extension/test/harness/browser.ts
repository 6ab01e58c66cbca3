/** Chromium without a window, which draws VS Code's workbench. */
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { editor } from './project';

// Machines that build have neither a sandbox nor a graphics card nor much of /dev/shm.
const FLAGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];

export interface Window {
  page: Page;
  /** Leaves the page first, or VS Code would keep the extension host for a window that may come back. */
  close: () => Promise<void>;
}

const SIZE: BrowserContextOptions = { viewport: { width: 1400, height: 900 } };

/** Opens an empty page. */
export async function openWindow(size = SIZE): Promise<Window> {
  const browser: Browser = await chromium.launch({ executablePath: editor('chromium'), args: FLAGS });
  const context = await browser.newContext(size);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const close = async (): Promise<void> => {
    await page.goto('about:blank').catch(() => undefined);
    await browser.close();
  };
  return { page, close };
}
