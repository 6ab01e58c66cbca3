/** The input elements of the form, one per kind of variable. */
import type { Variable } from '../../src/protocol';
import { element } from '../dom';
import { asTyped, blankIsNone, defaultText, kindOf, textTyped } from './values';

export interface Control {
  element: HTMLElement;
  /** Shows a value as it was typed; undefined is none. */
  show(typed: string | undefined): void;
}

/** Says what was typed; undefined for no value. */
type Changed = (typed: string | undefined) => void;

/** The control that fits a variable. */
export function control(variable: Variable, id: string, changed: Changed): Control {
  const kind = kindOf(variable);
  switch (kind) {
    case 'checkbox':
      return checkbox(variable, id, changed);
    case 'choice':
      return choice(variable, id, changed);
    case 'number':
      return number(variable, id, changed);
    default:
      return textArea(variable, id, changed, kind === 'list');
  }
}

function textArea(variable: Variable, id: string, changed: Changed, list: boolean): Control {
  const placeholder = defaultText(variable) ?? (list ? 'one item per line, or a JSON array' : undefined);
  const attributes = { id, name: variable.name, rows: list ? 3 : 1, spellcheck: 'false', placeholder };
  const area = element('textarea', { ...attributes, test: `value-${variable.name}` });
  area.addEventListener('input', () => changed(list ? blankIsNone(area.value) : textTyped(area.value)));
  return { element: area, show: (typed) => (area.value = typed ?? '') };
}

/** An input of type text with a keyboard for numbers: what is no number is sent too, for the server to say so. */
function number(variable: Variable, id: string, changed: Changed): Control {
  const inputmode = variable.type === 'integer' ? 'numeric' : 'decimal';
  const input = element('input', {
    id,
    name: variable.name,
    type: 'text',
    inputmode,
    autocomplete: 'off',
    test: `value-${variable.name}`,
  });
  input.placeholder = defaultText(variable) ?? '';
  input.addEventListener('input', () => changed(blankIsNone(input.value)));
  return { element: input, show: (typed) => (input.value = typed ?? '') };
}

/** A box that is neither on nor off where there is no value and no default. */
function checkbox(variable: Variable, id: string, changed: Changed): Control {
  const input = element('input', { id, name: variable.name, type: 'checkbox', test: `value-${variable.name}` });
  input.addEventListener('change', () => changed(String(input.checked)));
  return {
    element: input,
    show: (typed) => {
      const text = typed ?? defaultText(variable);
      input.checked = text === 'true';
      input.indeterminate = text === null;
    },
  };
}

function choice(variable: Variable, id: string, changed: Changed): Control {
  const standard = defaultText(variable);
  const none = element('option', { value: '' }, standard === null ? 'Choose…' : `${standard} (default)`);
  const options = (variable.enum ?? []).map(asTyped);
  const select = element('select', { id, name: variable.name, test: `value-${variable.name}` }, none);
  select.append(
    ...options.map((text, index) => element('option', { value: `${index}` }, text === '' ? '(empty text)' : text)),
  );
  select.addEventListener('change', () => changed(select.value === '' ? undefined : options[Number(select.value)]));
  return {
    element: select,
    show: (typed) => {
      const index = typed === undefined ? -1 : options.indexOf(typed);
      select.value = index < 0 ? '' : `${index}`;
    },
  };
}
