/** What the fields of the form hold, as text that the server reads by the type of the variable. */
import type { Variable } from '../../src/protocol';

export type FieldKind = 'text' | 'number' | 'checkbox' | 'choice' | 'list';

/** Which field a variable gets. */
export function kindOf(variable: Variable): FieldKind {
  if (variable.enum && variable.enum.length > 0) return 'choice';
  switch (variable.type) {
    case 'boolean':
      return 'checkbox';
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return 'list';
    default:
      return 'text';
  }
}

/** A JSON value as the server reads it back: a string as it is, all else as JSON. */
export function asTyped(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The default as it would be typed; null where there is none. */
export function defaultText(variable: Variable): string | null {
  return variable.default === undefined ? null : asTyped(variable.default);
}

/** A number or a list of the form: blanks are no value. What does not fit is kept, for the server to say so. */
export function blankIsNone(text: string): string | undefined {
  return text.trim() || undefined;
}

/** A text of the form: an empty one is no value. Blanks count. */
export function textTyped(text: string): string | undefined {
  return text || undefined;
}

/** Up to five examples to choose from, as they would be typed. */
export function suggestions(variable: Variable): string[] {
  const typed = (variable.examples ?? []).map(asTyped).filter((text) => text !== '');
  return [...new Set(typed)].slice(0, 5);
}

/** A text for a small button: one line, cut where it is long. */
export function shortened(text: string, most = 32): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line;
}

/** The words of the server for a place where the name of the variable stands already. */
export function withoutName(message: string, name: string): string {
  const prefix = [`variable '${name}': `, `variable '${name}' `].find((each) => message.startsWith(each));
  return prefix ? message.slice(prefix.length) : message;
}

/** Whether a field made for one goes on serving the other, with what is being typed into it. */
export function sameField(one: Variable, other: Variable): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Names of variables that have neither a value nor a default: their placeholders stand in the text. */
export function withoutValue(variables: Variable[], values: ReadonlyMap<string, string>): string[] {
  const open = variables.filter((variable) => !values.has(variable.name) && variable.default === undefined);
  return open.map((variable) => variable.name);
}
