import path from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
// @ts-expect-error a script without types
import { settingsFiles } from '../../scripts/settings.mjs';

interface SettingsFile {
  file: string;
  present: string;
  wanted: string;
}

describe('settings', async () => {
  const files = await (settingsFiles as () => Promise<SettingsFile[]>)();

  test.each(files.map((each) => [path.basename(each.file), each] as const))(
    '%s is as npm run settings writes it',
    (_, { present, wanted }) => {
      expect(present).toBe(wanted);
    },
  );

  test('every setting that the code reads is declared', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
      contributes: { configuration: { properties: Record<string, object> }[] };
    };
    const declared = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
    for (const name of ['roots', 'json', 'checks', 'overrides', 'maxItems']) {
      expect(declared).toContain(`promptbits.${name}`);
    }
    for (const name of ['command', 'interpreter', 'wheelFolder', 'environment']) {
      expect(declared).toContain(`promptbits.server.${name}`);
    }
    expect(declared).toContain('promptbits.trace.server');
  });
});
