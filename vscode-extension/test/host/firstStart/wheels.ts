/** A folder with the wheels that the server needs, as somebody without a network has it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BUNDLES, EXTENSION, python, run } from '../../harness/project';

export const WHEELS = path.join(BUNDLES, 'wheels');

const REQUIREMENTS = `
from importlib.metadata import requires
print("\\n".join(each for each in requires("promptbits") or [] if "extra ==" not in each))
`;

/** Downloads them, once for each list of requirements. */
export function downloadWheels(): void {
  const requirements = run(python(), ['-c', REQUIREMENTS], EXTENSION).trim();
  const stamp = path.join(WHEELS, 'requirements.txt');
  if (read(stamp) === requirements) {
    return;
  }
  rmSync(WHEELS, { recursive: true, force: true });
  mkdirSync(WHEELS, { recursive: true });
  const options = ['-m', 'pip', 'download', '--quiet', '--only-binary=:all:', '--dest', WHEELS];
  run(python(), [...options, ...requirements.split('\n')], EXTENSION);
  writeFileSync(stamp, requirements);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
