/** Mocha's report, as it is read in a terminal. */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { EXTENSION } from '../harness/project';

export interface Test {
  fullTitle: string;
  duration?: number;
  err: { message?: string; stack?: string };
}

export interface Report {
  stats: { tests: number; passes: number; pending: number; failures: number; duration: number };
  failures: Test[];
  tests: Test[];
  pending: Test[];
}

/** One line for all, or a paragraph for each failure. */
export function describe(name: string, report: Report): string {
  const { stats } = report;
  const seconds = (stats.duration / 1000).toFixed(1);
  const skipped = stats.pending > 0 ? `, ${stats.pending} skipped` : '';
  const line = `${name}: ${stats.passes} passed, ${stats.failures} failed${skipped} in ${seconds} s`;
  const failures = report.failures.map(({ fullTitle, err }) => `\n✗ ${fullTitle}\n${indent(cause(err))}`);
  return [...failures, line].join('\n');
}

/** The message, and the lines of the stack that are of this project, as it was written. */
function cause(error: Test['err']): string {
  const places = [...(error.stack ?? '').matchAll(/\(?(\/[^\s():]+\.js):(\d+):(\d+)\)?$/gm)].map(
    ([, file = '', line, column]) => source(file, Number(line), Number(column)),
  );
  return [error.message ?? 'no message', ...places.filter((place) => place !== undefined)].join('\n');
}

/** Where a place of a bundle comes from. VS Code's extension host does not read source maps itself. */
function source(file: string, line: number, column: number): string | undefined {
  if (!existsSync(`${file}.map`)) {
    return undefined;
  }
  const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalSource' in entry) || entry.originalSource.includes('node_modules')) {
    return undefined;
  }
  const original = path.relative(EXTENSION, path.resolve(path.dirname(file), entry.originalSource));
  return `at ${original}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
