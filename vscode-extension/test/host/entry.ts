/** Runs inside the extension host, which calls `run` and ends with 1 where it fails. */
import Mocha from 'mocha';

/** What `main.ts` says, in the environment. */
export interface Order {
  files: string[];
  grep: string | undefined;
  report: string;
}

const TEST_MS = 30_000;

export function run(): Promise<void> {
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
  return new Promise((resolve, reject) => {
    mocha.run((failures) => (failures > 0 ? reject(new Error(`${failures} failed`)) : resolve()));
  });
}
