/** The form of a prompt's variables. It changes with the prompt, and keeps what is being typed. */
import type { Preview, Variable } from '../../src/protocol';
import type { TypedValues } from '../../src/webview/messages';
import { element, replace } from '../dom';
import { Field } from './field';
import { sameField, withoutName, withoutValue } from './values';

export class Form {
  readonly root = element('form', { class: 'form', 'aria-label': 'Values of the variables', test: 'preview-form' });
  private readonly fields = new Map<string, Field>();
  /** By name; a map, as a variable may be called `constructor`. */
  private values = new Map<string, string>();

  constructor(private readonly changed: (values: TypedValues) => void) {
    this.root.addEventListener('submit', (event) => event.preventDefault());
  }

  /** Takes the values of a prompt, also of another one. */
  load(values: TypedValues): void {
    this.values = new Map(Object.entries(values));
    for (const [name, field] of this.fields) field.set(this.values.get(name));
  }

  /** Shows a field for each variable, and with it what is wrong there. */
  update({ variables, problems }: Preview): void {
    const fields = variables.map((variable) => this.fieldOf(variable));
    const roots = fields.map((field) => field.root);
    const same =
      roots.length === this.root.children.length && roots.every((root, at) => root === this.root.children[at]);
    if (!same || roots.length === 0) this.place(roots);
    this.fields.clear();
    for (const field of fields) {
      this.fields.set(field.variable.name, field);
      const own = problems.filter((problem) => problem.variable === field.variable.name);
      field.complain(own.map(({ message }) => withoutName(message, field.variable.name)));
    }
  }

  /** Forgets another prompt. */
  clear(): void {
    this.fields.clear();
    replace(this.root);
  }

  /** Names of variables whose placeholders stand in the text. */
  open(variables: Variable[]): string[] {
    return withoutValue(variables, this.values);
  }

  private fieldOf(variable: Variable): Field {
    const there = this.fields.get(variable.name);
    if (there && sameField(there.variable, variable)) return there;
    return new Field(variable, this.values.get(variable.name), (typed) => this.take(variable.name, typed));
  }

  private take(name: string, typed: string | undefined): void {
    if (typed === undefined) this.values.delete(name);
    else this.values.set(name, typed);
    this.changed(Object.fromEntries(this.values));
  }

  private place(roots: HTMLElement[]): void {
    const focused = document.activeElement;
    const id = focused instanceof HTMLElement && this.root.contains(focused) ? focused.id : '';
    const none = element('p', { class: 'none' }, 'This prompt has no variables: it renders as it stands.');
    replace(this.root, ...(roots.length > 0 ? roots : [none]));
    if (id) document.getElementById(id)?.focus();
  }
}
