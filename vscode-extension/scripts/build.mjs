// Builds dist/: the extension for Node, and the scripts and styles of the webviews for the browser.
//   node scripts/build.mjs [--production] [--watch]
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { notices } from './notices.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, 'dist');
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** The files of the webviews: a script each, and a style sheet of the same name. */
const webviewFiles = ['preview', 'statistics']
  .flatMap((name) => [`${name}.ts`, `${name}.css`])
  .map((name) => path.join('webviews', name))
  .filter((name) => existsSync(path.join(root, name)));

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: !production,
  legalComments: 'none',
  metafile: production,
  logLevel: 'warning',
};

const builds = [
  {
    ...common,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
  },
  {
    ...common,
    entryPoints: webviewFiles,
    outdir: 'dist/webviews',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
  },
].filter(({ entryPoints }) => entryPoints.length > 0);

if (watch) {
  for (const each of builds) {
    await (await context({ ...each, logLevel: 'info' })).watch();
  }
} else {
  const built = await Promise.all(builds.map((each) => build(each)));
  if (production) {
    writeFileSync(
      path.join(dist, 'THIRD-PARTY-NOTICES.txt'),
      notices(
        root,
        built.map(({ metafile }) => metafile),
      ),
    );
    // What an earlier build for development left.
    const files = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.map'));
    files.forEach((name) => rmSync(path.join(dist, name)));
  }
}
