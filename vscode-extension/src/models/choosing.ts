/** Which language model is asked. */

/** What tells models apart, as in `vscode.LanguageModelChat`. */
export interface Described {
  readonly id: string;
  readonly vendor: string;
  readonly family: string;
  readonly name: string;
}

/** Which models fit; what is left out, any has. */
export interface Wanted {
  vendor?: string;
  family?: string;
  id?: string;
}

/** The setting `promptbits.models.family`: a family, with its vendor before a slash where that matters. */
export function wantedBy(setting: string): Wanted {
  const text = setting.trim();
  if (!text) return {};
  const slash = text.indexOf('/');
  return slash < 0 ? { family: text } : { vendor: text.slice(0, slash), family: text.slice(slash + 1) };
}

/** The models that fit, in the order of the editor. */
export function fitting<M extends Described>(models: readonly M[], wanted: Wanted): M[] {
  const keys = ['vendor', 'family', 'id'] as const;
  return models.filter((model) => keys.every((key) => !wanted[key] || model[key] === wanted[key]));
}

/** What a model is remembered by. */
export function keyOf(model: Described): string {
  return `${model.vendor}/${model.id}`;
}

/** What was looked for, in words. */
export function described({ vendor, family, id }: Wanted): string {
  const words = [family && `family ${family}`, id && `id ${id}`, vendor && `vendor ${vendor}`].filter(Boolean);
  return words.length > 0 ? ` of ${words.join(', ')}` : '';
}
