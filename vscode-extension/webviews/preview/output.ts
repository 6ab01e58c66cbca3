/** The rendered prompt: as the text that a model gets, or as Markdown to read. */
import { element, replace } from '../dom';
import { toHtml } from './markdown';
import { pieces } from './marks';

export type Display = 'text' | 'markdown';

export class Output {
  readonly root = element('div', {
    class: 'output',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Rendered prompt',
    test: 'preview-output',
  });
  private drawn = '';

  /** Shows a text; the placeholders of variables without a value are marked. */
  show(text: string, open: string[], display: Display): void {
    const now = JSON.stringify([text, open, display]);
    if (now === this.drawn) return; // keeps the selection
    this.drawn = now;
    this.root.classList.toggle('markdown', display === 'markdown');
    if (display === 'text') {
      replace(this.root, element('pre', { test: 'preview-text' }, ...marked(text, open)));
      return;
    }
    this.root.innerHTML = toHtml(text);
    this.markWithin(open);
  }

  private markWithin(open: string[]): void {
    const walker = document.createTreeWalker(this.root, NodeFilter.SHOW_TEXT);
    const found: Text[] = [];
    while (walker.nextNode()) found.push(walker.currentNode as Text);
    for (const node of found) {
      const parts = marked(node.data, open);
      if (parts.some((part) => typeof part !== 'string')) node.replaceWith(...parts);
    }
  }
}

function marked(text: string, open: string[]): (string | HTMLElement)[] {
  return pieces(text, open).map((piece) =>
    piece.open ? element('mark', { title: 'no value that fits' }, piece.text) : piece.text,
  );
}
