/** Small helpers for the DOM. Text always goes in as text: what a prompt says is never read as HTML. */

type Child = Node | string | null | undefined | false;

/**
 * Attributes, as in HTML: true is an empty one, and what is undefined or false is left out. `test` is `data-testid`, a
 * name that tests can rely on.
 */
type Settings = Record<string, string | number | boolean | undefined>;

/** An element with attributes and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  settings: Settings = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined || value === false) continue;
    const attribute = name === 'test' ? 'data-testid' : name;
    made.setAttribute(attribute, value === true ? '' : String(value));
  }
  made.append(...shown(children));
  return made;
}

/** A button with words on it. */
export function button(text: string, settings: Settings, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', ...settings }, text);
  made.addEventListener('click', onClick);
  return made;
}

/** Where the page goes. */
export function root(): Element {
  return document.getElementById('root') ?? document.body;
}

/** Puts these children in the place of those there are. */
export function replace(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...shown(children));
}

/** Sets the text where it differs, so that what reads it aloud is not told twice. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

function shown(children: Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false);
}
