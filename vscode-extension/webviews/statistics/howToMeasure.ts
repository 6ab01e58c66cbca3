/** What to show where nothing is measured: the lines that measure it. */
import { button, element } from '../dom';

/** Says how runs of this prompt come to be measured. */
export function howToMeasure(id: string, copy: (text: string) => void): HTMLElement {
  const name = JSON.stringify(id);
  const code = [
    'import promptbits',
    '',
    `prompt = promptbits.load_prompt(${name}, conversation_id="c-17")`,
    'with prompt.track() as run:',
    '    answer = my_model(prompt.text)  # your own call of a model',
    '    run.succeeded()  # or run.failed()',
  ].join('\n');
  return element(
    'section',
    { class: 'unmeasured', test: 'statistics-unmeasured' },
    element('h2', {}, 'How to measure it'),
    element(
      'p',
      {},
      'Two lines in your application measure it: load the prompt, and track each run. Nothing leaves the machine.',
    ),
    element('pre', {}, element('code', {}, code)),
    button('Copy', { class: 'primary', test: 'statistics-copy' }, () => copy(`${code}\n`)),
    element('p', {}, 'Or take in what you have already, in a terminal:'),
    element('pre', {}, element('code', {}, 'promptbits import runs.jsonl')),
  );
}
