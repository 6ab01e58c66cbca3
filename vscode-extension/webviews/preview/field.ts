/** One field of the form: what it is called, what it takes, and what is wrong with it. */
import type { Variable } from '../../src/protocol';
import { button, element, replace, setText } from '../dom';
import { control, type Control } from './controls';
import { defaultText, shortened, suggestions } from './values';

export class Field {
  readonly root: HTMLElement;
  private readonly input: Control;
  private readonly hints: HTMLElement;
  private readonly problem: HTMLElement;

  constructor(
    readonly variable: Variable,
    private typed: string | undefined,
    private readonly changed: (typed: string | undefined) => void,
  ) {
    const id = `field-${variable.name}`;
    this.input = control(variable, id, (value) => this.take(value));
    this.hints = element('div', { class: 'hints' });
    this.problem = element('p', {
      class: 'problem',
      id: `${id}-problem`,
      'aria-live': 'polite',
      test: `problem-${variable.name}`,
    });
    this.root = element(
      'div',
      { class: 'field', test: `field-${variable.name}` },
      this.heading(id),
      variable.description && element('p', { class: 'description', id: `${id}-description` }, variable.description),
      this.input.element,
      this.problem,
      this.hints,
    );
    const described = [variable.description && `${id}-description`, `${id}-problem`].filter(Boolean).join(' ');
    this.input.element.setAttribute('aria-describedby', described);
    this.input.show(typed);
    this.showHints();
  }

  /** Takes another value from outside: nothing is said of it. */
  set(typed: string | undefined): void {
    this.typed = typed;
    this.input.show(typed);
    this.showHints();
  }

  /** What the server says is wrong; a value that merely is not there yet is said more quietly. */
  complain(messages: string[]): void {
    setText(this.problem, messages.join('\n'));
    const missing = this.typed === undefined;
    this.problem.classList.toggle('missing', missing);
    this.input.element.setAttribute('aria-invalid', String(messages.length > 0 && !missing));
  }

  private take(typed: string | undefined): void {
    this.typed = typed;
    this.showHints();
    this.changed(typed);
  }

  private choose(typed: string | undefined): void {
    this.input.show(typed);
    this.take(typed);
    this.input.element.focus();
  }

  private heading(id: string): HTMLElement {
    const { name, type, required, undeclared } = this.variable;
    const needed = required && defaultText(this.variable) === null;
    return element(
      'div',
      { class: 'heading' },
      element('label', { for: id }, name),
      needed && element('span', { class: 'required', title: 'needs a value' }, 'required'),
      undeclared && element('span', { class: 'undeclared' }, 'not declared'),
      element('span', { class: 'type' }, this.variable.enum ? 'choice' : type),
    );
  }

  private showHints(): void {
    const unset = this.typed === undefined;
    const standard = defaultText(this.variable);
    const examples = this.variable.enum ? [] : suggestions(this.variable).filter((example) => example !== this.typed);
    replace(
      this.hints,
      ...examples.map((example) => this.hint(shortened(example), `Use the example ${example}`, example)),
      !unset &&
        this.hint(
          standard === null ? 'clear' : 'use default',
          `Give ${this.variable.name} no value of its own`,
          undefined,
        ),
    );
  }

  private hint(words: string, label: string, typed: string | undefined): HTMLButtonElement {
    return button(words, { class: 'hint', 'aria-label': label, title: label }, () => this.choose(typed));
  }
}
