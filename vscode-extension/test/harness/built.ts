/** The extension as it is built, and as it is packaged. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EXTENSION, python, run } from './project';

/** Builds `dist/`, which VS Code starts when it gets the folder of the extension. */
export function build(): void {
  run('npm', ['run', '--silent', 'build'], EXTENSION);
}

/** Packages the extension as it is published; the path of the package. */
export async function packaged(): Promise<string> {
  run('npm', ['run', '--silent', 'package', '--', '--python', python()], EXTENSION);
  const { version } = JSON.parse(await readFile(path.join(EXTENSION, 'package.json'), 'utf8')) as { version: string };
  return path.join(EXTENSION, `promptbits-${version}.vsix`);
}
