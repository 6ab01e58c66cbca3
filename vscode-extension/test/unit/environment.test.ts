/** Private environments, made with a real Python; pip is a stand-in that installs, fails or waits as it is told. */
import { cp, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  environmentFolder,
  install,
  olderEnvironment,
  pipArguments,
  pythonOf,
  tidy,
  upgradeOffline,
  workingEnvironment,
  type InstallRequest,
} from '../../src/server/environment';
import { findInterpreters, probing, usualCommands, type Interpreter } from '../../src/server/python';
import { InstallError } from '../../src/server/running';

/** Installs "promptbits" of the version in the wheel's name, or does what the file `mode` beside it says. */
const PIP = `
import pathlib, re, sys, sysconfig, time
here = pathlib.Path(__file__).parent.parent
mode = (here / "mode").read_text() if (here / "mode").exists() else ""
print("Collecting everything", flush=True)
site = pathlib.Path(sysconfig.get_path("purelib"))
version = re.search(r"promptbits-([\\d.]+)-", sys.argv[-1]).group(1)
if mode == "wait":
    time.sleep(60)
if mode == "needs download" and "--no-index" in sys.argv or mode == "no extras" and sys.argv[-1].endswith("]"):
    sys.exit("ERROR: No matching distribution found for orjson")
if mode == "fail":
    sys.exit("WARNING: trying\\nERROR: Could not find a version\\nERROR: No matching distribution found for orjson")
for old in site.glob("promptbits-*.dist-info"):
    (old / "METADATA").unlink(); old.rmdir()
info = site / f"promptbits-{version}.dist-info"
info.mkdir(parents=True)
(info / "METADATA").write_text(f"Name: promptbits\\nVersion: {version}\\n")
(site / "promptbits.py").write_text("")
print("Installed", flush=True)
`;

let scratch: string;
let base: Interpreter;
let request: InstallRequest;
let lines: string[];

const options = () => ({ cwd: scratch, onLine: (line: string) => lines.push(line) });
const probe = () => probing(scratch);
const kept = async () => (await readdir(request.storage)).sort();

async function mode(text: string): Promise<void> {
  await writeFile(path.join(request.bundleFolder, 'pip-1.whl', 'mode'), text);
}

function of(version: string): InstallRequest {
  return { ...request, bundle: { ...request.bundle, version, wheel: `promptbits-${version}-py3-none-any.whl` } };
}

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'promptbits-unit-'));
  const bundleFolder = path.join(scratch, 'bundled');
  await mkdir(path.join(bundleFolder, 'pip-1.whl', 'pip'), { recursive: true });
  await writeFile(path.join(bundleFolder, 'pip-1.whl', 'pip', '__main__.py'), PIP);
  request = {
    bundle: { version: '1.0.0', wheel: 'promptbits-1.0.0-py3-none-any.whl', pip: 'pip-1.whl', packages: 3, extras: [] },
    bundleFolder,
    storage: path.join(scratch, 'storage'),
    wheelFolder: '',
    platform: process.platform,
  };
  lines = [];
});

beforeAll(async () => {
  const [found] = await findInterpreters(usualCommands(process.platform), probing(tmpdir()));
  if (!found) {
    throw new Error('these tests need Python 3.11 or newer on PATH');
  }
  base = found;
});

afterEach(() => rm(scratch, { recursive: true, force: true }));

describe('the private environment', () => {
  test('is made, works, and is found again', async () => {
    expect(await workingEnvironment(request, probe())).toBeUndefined();
    await install(request, base, options());
    expect(await kept()).toEqual(['server-1.0.0']);
    expect(lines).toContain('Installed');
    const found = await workingEnvironment(request, probe());
    expect(found).toMatchObject({
      server: '1.0.0',
      path: pythonOf(environmentFolder(request.storage, '1.0.0'), process.platform),
    });
  });

  test('a failure says what pip says, and leaves nothing', async () => {
    await mode('fail');
    await expect(install(request, base, options())).rejects.toThrow('No matching distribution found for orjson');
    expect(await kept()).toEqual([]);
  });

  test('a Python that is gone is told', async () => {
    const gone = { ...base, path: path.join(scratch, 'gone') };
    await expect(install(request, gone, options())).rejects.toThrow(/there is no program .*gone/);
    expect(await kept()).toEqual([]);
  });

  test('cancelled, it ends at once and leaves nothing', async () => {
    await mode('wait');
    const aborting = new AbortController();
    const onLine = (line: string) => line.startsWith('Collecting') && aborting.abort();
    await expect(install(request, base, { cwd: scratch, onLine, signal: aborting.signal })).rejects.toThrow();
    expect(await kept()).toEqual([]);
  });

  test('two windows at once: both have one that works', async () => {
    await Promise.all([install(request, base, options()), install(request, base, options())]);
    expect(await kept()).toEqual(['server-1.0.0']);
    expect(await workingEnvironment(request, probe())).toMatchObject({ server: '1.0.0' });
  });

  test('a broken one counts as none, and is replaced', async () => {
    await install(request, base, options());
    await rm(pythonOf(environmentFolder(request.storage, '1.0.0'), process.platform));
    expect(await workingEnvironment(request, probe())).toBeUndefined();
    await install(request, base, options());
    expect(await workingEnvironment(request, probe())).toMatchObject({ server: '1.0.0' });
    expect(await kept()).toEqual(['server-1.0.0']);
  });

  test('extras are left out where they cannot be had', async () => {
    await mode('no extras');
    const wanting = { ...request, bundle: { ...request.bundle, extras: ['score'] } };
    await install(wanting, base, options());
    expect(lines.join('\n')).toContain('Going on without score');
    expect(await workingEnvironment(wanting, probe())).toMatchObject({ server: '1.0.0' });
  });
});

describe('upgrades', () => {
  test('need no download where the packages of the older version do', async () => {
    await install(request, base, options());
    const newer = of('1.1.0');
    const older = await olderEnvironment(newer);
    expect(older).toBe(environmentFolder(request.storage, '1.0.0'));
    expect(await upgradeOffline(newer, older ?? '', options())).toBe(true);
    expect(await workingEnvironment(newer, probe())).toMatchObject({ server: '1.1.0' });
    // Another window may still run the older one.
    expect(await workingEnvironment(request, probe())).toMatchObject({ server: '1.0.0' });
  });

  test('that need a download leave everything as it is', async () => {
    await install(request, base, options());
    await mode('needs download');
    expect(await upgradeOffline(of('2.0.0'), environmentFolder(request.storage, '1.0.0'), options())).toBe(false);
    expect(await kept()).toEqual(['server-1.0.0']);
  });

  test('the newest of the older ones is taken', async () => {
    await install(of('1.9.0'), base, options());
    await cp(environmentFolder(request.storage, '1.9.0'), environmentFolder(request.storage, '1.10.0'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    expect(await olderEnvironment(of('2.0.0'))).toBe(environmentFolder(request.storage, '1.10.0'));
  });

  test('what nobody uses any more is removed after a week, leftovers after a day', async () => {
    const days = async (name: string, count: number) => {
      await mkdir(path.join(request.storage, name), { recursive: true });
      const then = new Date(Date.now() - count * 24 * 60 * 60 * 1000);
      await utimes(path.join(request.storage, name), then, then);
    };
    await days('server-1.0.0', 30);
    await days('server-0.9.0', 8);
    await days('server-0.9.1', 6);
    await days('server-0.9.1.ab12cd34.new', 2);
    await days('server-0.9.2.ab12cd34.new', 0);
    await days('something else', 99);
    await tidy(request.storage, '1.0.0');
    expect(await kept()).toEqual(['server-0.9.1', 'server-0.9.2.ab12cd34.new', 'server-1.0.0', 'something else']);
  });
});

describe('what pip is told', () => {
  test('the index of the user, a folder of wheels, or nothing but what is there', () => {
    const folder = { ...request, wheelFolder: '/wheels' };
    expect(pipArguments(request, true, [])).not.toContain('--no-index');
    expect(pipArguments(request, false, [])).toContain('--no-index');
    expect(pipArguments(folder, true, []).join(' ')).toContain('--no-index --find-links /wheels');
    expect(pipArguments(request, true, ['score']).at(-1)).toMatch(/\.whl\[score\]$/);
  });
});

test('a failed installation is an error that can be shown', async () => {
  await mode('fail');
  await expect(install(request, base, options())).rejects.toBeInstanceOf(InstallError);
});
