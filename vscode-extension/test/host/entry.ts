/** Runs inside the extension host, which calls `run` and ends with 1 where it fails. */
import Mocha from 'mocha';
import * as vscode from 'vscode';
import { eventually } from './support';

/** What `main.ts` says, in the environment. */
export interface Order {
  files: string[];
  grep: string | undefined;
  report: string;
}

const TEST_MS = 30_000;
const FOLDERS_MS = 5_000;

export async function run(): Promise<void> {
  // Now and then VS Code opens a workspace file without its folders. Then there is no report, and another window.
  await eventually('folders', () => (vscode.workspace.workspaceFolders ?? []).length > 0, FOLDERS_MS);
  const order = JSON.parse(process.env['PROMPTBITS_SUITES'] ?? '') as Order;
  const mocha = new Mocha({
    ui: 'tdd',
    timeout: TEST_MS,
    reporter: 'json',
    reporterOptions: { output: order.report },
    ...(order.grep !== undefined && { grep: new RegExp(order.grep, 'i') }),
  });
  for (const file of order.files) {
    mocha.addFile(file);
  }
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => (failures > 0 ? reject(new Error(`${failures} failed`)) : resolve()));
  });
}
