/** Addresses of prompts, whoever hands them over. */
import type { Uri } from 'vscode';

const VIEW_SCHEME = 'promptbits-content:';

/** The address in the argument of a command: a lens gives a string, a menu a Uri, the library one of its items. */
export function addressOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument || undefined;
  if (typeof argument !== 'object' || argument === null) return undefined;
  if ('scheme' in argument && 'path' in argument) return (argument as Uri).toString();
  for (const key of ['uri', 'resourceUri', 'prompt'] as const) {
    const found: string | undefined =
      key in argument ? addressOf((argument as Record<string, unknown>)[key]) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The address of the JSON file: of a Markdown view, that of the file behind it. */
export function fileAddress(address: string): string {
  if (!address.startsWith(VIEW_SCHEME)) return address;
  const path = address.slice(VIEW_SCHEME.length).replace(/\.md$/, '');
  return path.startsWith('//') ? `file:${path}` : `file://${path}`;
}

/** Whether two addresses are of one prompt: its file, or the Markdown view of its content. */
export function samePrompt(one: string, other: string): boolean {
  return fileAddress(one) === fileAddress(other);
}

/** The name to show until the server has said the id. */
export function nameOf(address: string): string {
  const last = fileAddress(address).split('/').at(-1) ?? '';
  return decoded(last).replace(/(\.prompt)?\.json$/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
