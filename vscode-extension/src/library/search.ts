/** Finds prompts by what is typed: the better a word fits, the earlier its prompt comes. */
import type { LibraryPrompt } from '../protocol';

/** How well a word fits; less is better. */
const Fit = { Id: 0, IdStart: 1, IdWord: 2, Label: 3, IdPart: 4, Word: 5, Part: 6, Fuzzy: 7, None: Infinity } as const;

/** Fuzzy matches are told apart by how far their letters lie from each other: less than one step of a fit. */
const WIDEST_SPREAD = 1000;

interface Texts {
  id: string;
  /** Tags and the category. */
  labels: string[];
  description: string;
}

/** The words of a query; a prompt has to match each. */
export function words(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

/**
 * The searched texts of prompts, which are lower-cased once.
 * Kept beside the prompts and not in them: those are what the server said.
 */
export class Searcher {
  private readonly texts = new WeakMap<LibraryPrompt, Texts>();

  /** How well a prompt matches all words; Infinity where it does not. */
  score(prompt: LibraryPrompt, terms: readonly string[]): number {
    const texts = this.textsOf(prompt);
    let total = 0;
    for (const term of terms) {
      total += fit(texts, term);
      if (total === Infinity) break;
    }
    return total;
  }

  private textsOf(prompt: LibraryPrompt): Texts {
    let texts = this.texts.get(prompt);
    if (!texts) {
      const labels = [...prompt.tags, ...(prompt.category ? [prompt.category] : [])];
      texts = {
        id: prompt.id.toLowerCase(),
        labels: labels.map((label) => label.toLowerCase()),
        description: prompt.description?.toLowerCase() ?? '',
      };
      this.texts.set(prompt, texts);
    }
    return texts;
  }
}

function fit({ id, labels, description }: Texts, term: string): number {
  const place = id.indexOf(term);
  if (place === 0) return id.length === term.length ? Fit.Id : Fit.IdStart;
  if (place > 0 && startsWord(id, term)) return Fit.IdWord;
  if (labels.includes(term)) return Fit.Label;
  if (place > 0) return Fit.IdPart;
  if (startsWord(description, term) || labels.some((label) => startsWord(label, term))) return Fit.Word;
  if (description.includes(term) || labels.some((label) => label.includes(term))) return Fit.Part;
  const spread = fuzzySpread(id, term);
  return spread === Infinity ? Fit.None : Fit.Fuzzy + Math.min(spread, WIDEST_SPREAD - 1) / WIDEST_SPREAD;
}

function startsWord(text: string, term: string): boolean {
  for (let place = text.indexOf(term); place >= 0; place = text.indexOf(term, place + 1)) {
    if (place === 0 || !isWordCharacter(text.charAt(place - 1))) return true;
  }
  return false;
}

function isWordCharacter(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}

/** How far the letters of a term lie apart in an id that has them in this order: `gt` and `greet`. */
function fuzzySpread(id: string, term: string): number {
  if (term.length < 2) return Infinity;
  const places = fuzzyPlaces(id, term);
  const [first, last] = [places?.[0], places?.at(-1)];
  return first === undefined || last === undefined ? Infinity : last - first + 1 - term.length;
}

function fuzzyPlaces(id: string, term: string): number[] | null {
  const places: number[] = [];
  let from = 0;
  for (const letter of term) {
    const place = id.indexOf(letter, from);
    if (place < 0) return null;
    places.push(place);
    from = place + letter.length;
  }
  return places;
}

/** Which parts of an id to highlight, as start and end; merged, in order. */
export function highlights(id: string, terms: readonly string[]): [number, number][] {
  const lower = id.toLowerCase();
  // Where lower case is longer than the text, places in it would be others.
  if (lower.length !== id.length) return [];
  const found: [number, number][] = [];
  for (const term of terms) {
    const place = lower.indexOf(term);
    if (place >= 0) found.push([place, place + term.length]);
    else for (const each of fuzzyPlaces(lower, term) ?? []) found.push([each, each + 1]);
  }
  found.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const merged: [number, number][] = [];
  for (const [start, end] of found) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
