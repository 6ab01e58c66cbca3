// Writes the settings from schemas/settings.schema.json into package.json, README.md and docs/configuration.md.
//   node scripts/settings.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const extension = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const project = path.dirname(extension);

/** Every file that holds settings, with the text that it should have and the one it has. */
export async function settingsFiles() {
  const schema = JSON.parse(read(path.join(project, 'schemas', 'settings.schema.json')));
  const settings = [...serverSettings(schema), ...clientSettings(schema)];
  const files = [
    [path.join(extension, 'package.json'), (text) => withConfiguration(text, settings)],
    [path.join(extension, 'README.md'), (text) => withTable(text, 'settings', editorTable(settings))],
    [path.join(project, 'docs', 'configuration.md'), (text) => withTables(text, settings)],
  ];
  return Promise.all(
    files.map(async ([file, change]) => {
      const present = read(file);
      const changed = change(present);
      // Prettier looks after the files of the extension; the others stay as they are written.
      const options = { ...(await resolveConfig(file)), filepath: file };
      return { file, present, wanted: file.startsWith(extension) ? await format(changed, options) : changed };
    }),
  );
}

/** The settings that the server reads. */
function serverSettings(schema) {
  return Object.entries(schema.properties).map(([name, value]) => ({
    editor: value['x-editor'] === false ? undefined : (value['x-editor'] ?? name),
    file: name,
    scope: 'resource',
    schema: resolved(value, schema),
  }));
}

/** The settings that only the extension reads. */
function clientSettings(schema) {
  return Object.entries(schema.$defs.vscode.properties).map(([name, value]) => ({
    editor: name,
    file: undefined,
    scope: value['x-scope'] ?? 'machine-overridable',
    schema: resolved(value, schema),
  }));
}

/** The schema with its references put in: VS Code knows none of our definitions. */
function resolved(value, schema) {
  if (Array.isArray(value)) {
    return value.map((each) => resolved(each, schema));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { $ref, ...rest } = value;
  const target =
    $ref
      ?.split('/')
      .slice(1)
      .reduce((place, name) => place[name], schema) ?? {};
  return Object.fromEntries(
    Object.entries({ ...target, ...rest }).map(([name, each]) => [name, resolved(each, schema)]),
  );
}

function withConfiguration(text, settings) {
  const manifest = JSON.parse(text);
  const offered = settings.filter(({ editor }) => editor !== undefined);
  const section = (title, members) => ({
    title,
    properties: Object.fromEntries(members.map((each) => [`promptbits.${each.editor}`, declaration(each)])),
  });
  manifest.contributes.configuration = [
    section(
      'Checks and Prompts',
      offered.filter(({ file }) => file !== undefined),
    ),
    section(
      'Server',
      offered.filter(({ file }) => file === undefined),
    ),
  ];
  manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = offered
    .filter(({ schema }) => schema['x-restricted'])
    .map(({ editor }) => `promptbits.${editor}`);
  return JSON.stringify(manifest, undefined, 2);
}

/** A setting as package.json has it. */
function declaration({ schema, scope }) {
  const { description, 'x-enumDescriptions': enumDescriptions, ...rest } = schema;
  const own = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('x-')));
  return {
    ...own,
    markdownDescription: description,
    ...(enumDescriptions && { enumDescriptions }),
    scope,
  };
}

function withTables(text, settings) {
  const file = settings.filter((each) => each.file !== undefined);
  const rows = file.map(({ file: name, editor, schema }) => [
    code(name),
    editor === undefined ? '' : code(editor),
    code(JSON.stringify(schema.default)),
    schema.description,
  ]);
  const client = settings.filter((each) => each.file === undefined);
  const withFile = withTable(
    text,
    'settings',
    table(['in `promptbits.toml`', 'in editors', 'default', 'meaning'], rows),
  );
  return withTable(withFile, 'vscode', editorTable(client));
}

function editorTable(settings) {
  const rows = settings
    .filter(({ editor }) => editor !== undefined)
    .map(({ editor, schema }) => [
      code(`promptbits.${editor}`),
      code(JSON.stringify(schema.default)),
      schema.description,
    ]);
  return table(['setting', 'default', 'meaning'], rows);
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function code(text) {
  return `\`${text}\``;
}

/** Replaces what stands between the two marks of a name. */
function withTable(text, name, content) {
  const [start, end] = [`<!-- ${name}: written by npm run settings -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`there are no marks "${start}" and "${end}"`);
  }
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function read(file) {
  return readFileSync(file, 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = (await settingsFiles()).filter(({ present, wanted }) => present !== wanted);
  for (const { file, wanted } of stale) {
    if (process.argv.includes('--check')) {
      console.error(`${path.relative(project, file)} is out of date: run npm run settings`);
      process.exitCode = 1;
    } else {
      writeFileSync(file, wanted);
    }
  }
}
