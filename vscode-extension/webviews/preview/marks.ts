/** Finds the placeholders that still stand in a rendered text. */

export interface Piece {
  text: string;
  /** A placeholder that got no value. */
  open: boolean;
}

/** The text in pieces: those of these variables' placeholders are open. Joined they are the text. */
export function pieces(text: string, names: string[]): Piece[] {
  if (names.length === 0) return text === '' ? [] : [{ text, open: false }];
  const name = names.map((each) => each.replaceAll('.', '\\.')).join('|');
  const placeholder = new RegExp(`(<<(?:${name})>>|\\{\\{[ \\t]*(?:${name})[ \\t]*\\}\\})`);
  return text
    .split(placeholder)
    .map((piece, index) => ({ text: piece, open: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
