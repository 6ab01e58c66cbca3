/** Ids of new prompts. The server has the last word; this says early what it will say. */
import type { LibraryRoot } from '../protocol';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** File names cannot be longer; `.json` is part of them. */
const LONGEST = 250;

export interface IdProblem {
  message: string;
  /** Whether it keeps the prompt from being created. */
  refused: boolean;
}

/**
 * What is wrong with an id for a new prompt in a root; null where nothing is.
 * A duplicate may keep the id of its `origin` where it is served instead of it.
 */
export function idProblem(id: string, root: LibraryRoot, origin?: string): IdProblem | null {
  if (!id) return { message: 'Type an id, such as greet-customer.', refused: true };
  if (!KEBAB.test(id)) return { message: kebabProblem(id), refused: true };
  if (id.length > LONGEST) return { message: `An id has at most ${LONGEST} characters.`, refused: true };
  const same = root.prompts.filter((prompt) => prompt.id === id);
  const taken = same.find(({ layer }) => layer === 'custom') ?? same[0];
  if (!taken) return null;
  if (origin === id && taken.layer !== 'custom') {
    return { message: `The copy will be served instead of the ${taken.layer} prompt with this id.`, refused: false };
  }
  if (taken.shipped)
    return { message: `“${id}” comes with PromptBits: choose another id, or duplicate it.`, refused: true };
  return { message: `“${id}” exists already in ${root.name}: choose another id.`, refused: true };
}

function kebabProblem(id: string): string {
  const suggested = toKebab(id);
  const rule = 'An id has lower-case letters, digits, and single hyphens between them';
  return suggested ? `${rule}: ${suggested}` : `${rule}.`;
}

/** The id that somebody may have meant: `Greet the customer` becomes `greet-the-customer`. */
export function toKebab(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** An id for a copy that no prompt of the root has yet: `greet-copy`, `greet-copy-2`. */
export function copyId(id: string, root: LibraryRoot): string {
  const taken = new Set(root.prompts.map((prompt) => prompt.id));
  const first = `${toKebab(id) || 'prompt'}-copy`;
  let copy = first;
  for (let number = 2; taken.has(copy); number += 1) copy = `${first}-${number}`;
  return copy;
}

/** Where the content of a prompt begins in its file; 0 where there is none. */
export function contentOffset(text: string): number {
  const found = /"content"\s*:\s*"/.exec(text);
  return found ? found.index + found[0].length : 0;
}
