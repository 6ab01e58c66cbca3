// The licences of what is bundled: each asks to go with copies of it.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One text with the licence of every package that the builds took something from. */
export function notices(root, metafiles) {
  const inputs = metafiles.flatMap(({ inputs: taken }) => Object.keys(taken));
  const folders = new Set(inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter(Boolean));
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(path.join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
      if (file === undefined) {
        throw new Error(`${folder} has no licence beside it`);
      }
      return `${name} ${version}\n\n${readFileSync(path.join(root, folder, file), 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
