/** Between the text of a content and the bytes that the editor reads and writes. */

const MARK = '\ufeff';
const LINE_END = /\r\n|\r|\n/;

/**
 * The bytes of a text, as UTF-8. With `marked` they begin with a byte-order mark, so that an editor which is set to another
 * encoding still reads them right.
 */
export function bytesOf(text: string, marked: boolean): Uint8Array {
  return new TextEncoder().encode(marked && !text.startsWith(MARK) ? MARK + text : text);
}

/** The text of bytes; a byte-order mark is part of it only where the text had one before. Undefined: they are not UTF-8. */
export function textOf(bytes: Uint8Array, hadMark: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith(MARK) && !hadMark ? text.slice(MARK.length) : text;
  } catch {
    return undefined;
  }
}

/** Whether a text begins with a byte-order mark. */
export function hasMark(text: string): boolean {
  return text.startsWith(MARK);
}

/** Whether an editor shows two texts alike: it holds one kind of line end, and no byte-order mark. */
export function looksAlike(one: string, other: string): boolean {
  return one === other || plain(one) === plain(other);
}

/** Whether a conflict that the server has put into a text is still there. */
export function hasConflict(text: string): boolean {
  return /^<{7} edited here\r?$/m.test(text) && /^>{7} now in .+$/m.test(text);
}

function plain(text: string): string {
  return (hasMark(text) ? text.slice(MARK.length) : text).split(LINE_END).join('\n');
}

/** The smallest replacement that makes one text of another, at offsets of the first: the cursor stays where it is. */
export function difference(from: string, to: string): { start: number; end: number; text: string } {
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from[start] === to[start]) start++;
  let same = 0;
  while (same < most - start && from[from.length - 1 - same] === to[to.length - 1 - same]) same++;
  return { start, end: from.length - same, text: to.slice(start, to.length - same) };
}
