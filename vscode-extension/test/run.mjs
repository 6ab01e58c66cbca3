/** Bundles one of the runs of this folder and starts it: `node test/run.mjs host --grep content`. See README.md. */
import { build } from 'esbuild';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const [name, ...args] = process.argv.slice(2);
if (!['host', 'workbench', 'pictures'].includes(name)) {
  console.error('promptbits: say which run: host, workbench or pictures');
  process.exit(2);
}
const outfile = `${here}/../.test/${name}.mjs`;
await build({
  entryPoints: [`${here}/${name}/main.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
});
process.setSourceMapsEnabled(true);
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = await main(args);
