// Makes promptbits-VERSION.vsix: the built extension with the server's wheel and pip's in it.
//   node scripts/package.mjs [--python /path/to/python]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const extension = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const project = path.dirname(extension);
const bundled = path.join(extension, 'bundled');

/** Asks Python how many packages come with the wheel: the closure of its requirements, without itself. */
const COUNT = `
import sys
from importlib.metadata import distribution
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name
seen, todo = set(), [("promptbits", ("",))]
while todo:
    name, extras = todo.pop()
    name = canonicalize_name(name)
    if (name, extras) in seen:
        continue
    seen.add((name, extras))
    for text in distribution(name).requires or []:
        need = Requirement(text)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras):
            todo.append((need.name, tuple(sorted(need.extras)) or ("",)))
print(len({name for name, _ in seen}) - 1)
`;
/** Which extras a wheel offers. */
const EXTRAS = `
import email, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    print("\\n".join(email.message_from_bytes(wheel.read(name)).get_all("Provides-Extra") or []))
`;
/** Extras that the extension installs where it can. */
const WANTED_EXTRAS = ['score'];

function fail(message) {
  console.error(`package: ${message}`);
  process.exit(1);
}

/** Runs a program and gives what it prints. What it says on stderr is shown where it fails. */
function run(command, args, cwd = project) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) {
    fail(`${command} ${args[0]} ${args[1] ?? ''} failed\n${error?.message ?? `${stdout}${stderr}`.trim()}`);
  }
  return stdout;
}

function findPython() {
  const chosen = process.argv.indexOf('--python');
  if (chosen > 0) {
    return process.argv[chosen + 1];
  }
  const own = path.join(
    project,
    '.venv',
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  return existsSync(own) ? own : fail('there is no .venv: run make install-dev, or name a Python with --python');
}

/** The one file of a folder whose name matches. */
function only(folder, pattern) {
  const found = readdirSync(folder).filter((name) => pattern.test(name));
  return found.length === 1 ? found[0] : fail(`expected one ${pattern} in ${folder}, found ${found.length}`);
}

const WHEEL = /^promptbits-.*\.whl$/;
const PIP = /^pip-.*\.whl$/;

/** Builds the server's wheel, and fetches pip's unless it is there. */
function bundle(python, version) {
  mkdirSync(bundled, { recursive: true });
  for (const old of readdirSync(bundled).filter((name) => WHEEL.test(name))) {
    rmSync(path.join(bundled, old));
  }
  // With the tools at hand: what is in the environment for development needs no network.
  run(python, ['-m', 'hatchling', 'build', '-t', 'wheel', '-d', bundled]);
  if (!readdirSync(bundled).some((name) => PIP.test(name))) {
    run(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', bundled, 'pip']);
  }
  const wheel = only(bundled, WHEEL);
  if (!wheel.startsWith(`promptbits-${version}-`)) {
    fail(`the server is ${wheel}, the extension ${version}: both have the same version`);
  }
  const extras = run(python, ['-c', EXTRAS, path.join(bundled, wheel)])
    .trim()
    .split('\n');
  const manifest = {
    version,
    wheel,
    pip: only(bundled, PIP),
    packages: Number(run(python, ['-c', COUNT])),
    extras: WANTED_EXTRAS.filter((extra) => extras.includes(extra)),
  };
  writeFileSync(path.join(bundled, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Writes the readme of the package, whose pictures are in the repository only; its path. */
function readme() {
  const text = readFileSync(path.join(extension, 'README.md'), 'utf8');
  const name = path.join('bundled', 'README.md');
  writeFileSync(path.join(extension, name), text.replace(/<!-- pictures -->.*?<!-- \/pictures -->\n*/gs, ''));
  return name;
}

/** Says what is wrong with the files of a package. */
function problems(names) {
  const inside = names.filter((name) => name.startsWith('extension/')).map((name) => name.slice('extension/'.length));
  const wheels = inside.filter((name) => WHEEL.test(path.basename(name))).length;
  const stray = inside.filter((name) =>
    /^(src|test|scripts|webviews|node_modules)\/|\.(ts|map|mjs)$|tsconfig/.test(name),
  );
  const needed = [
    'dist/extension.js',
    'dist/third-party-notices.txt',
    'bundled/manifest.json',
    'package.json',
    'readme.md',
    'images/icon.png',
  ];
  const missing = needed.filter((name) => !inside.some((each) => each.toLowerCase() === name));
  return [
    ...(wheels === 1 ? [] : [`it holds ${wheels} wheels of the server`]),
    ...stray.map((name) => `it holds ${name}`),
    ...missing.map((name) => `it lacks ${name}`),
  ];
}

const { version } = JSON.parse(readFileSync(path.join(extension, 'package.json'), 'utf8'));
const python = findPython();
bundle(python, version);
const vsix = path.join(extension, `promptbits-${version}.vsix`);
const vsce = path.join(extension, 'node_modules', '@vscode', 'vsce', 'vsce');
const options = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--readme-path', readme()];
run(process.execPath, [vsce, 'package', ...options, '--out', vsix], extension);
const names = run(python, [
  '-c',
  'import sys, zipfile; print("\\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))',
  vsix,
]);
const wrong = problems(names.trim().split('\n'));
if (wrong.length > 0) {
  fail(`${path.basename(vsix)}: ${wrong.join('; ')}`);
}
console.log(`${path.relative(process.cwd(), vsix)}: ${(statSync(vsix).size / 1e6).toFixed(1)} MB`);
