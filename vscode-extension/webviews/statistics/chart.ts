/** One chart with its heading: it stays in the page, and with it the focus, while what it draws is drawn anew. */
import type uPlot from 'uplot';
import { counted } from './format';
import { element, replace } from '../dom';
import type { Series } from './series';
import { Tooltip } from './tooltip';

export interface ChartParts {
  name: string;
  title: string;
  caption: string;
  /** Names of the lines, for a legend. */
  keys?: string[];
}

export class Chart {
  readonly root: HTMLElement;
  private readonly canvas: HTMLElement;
  private plot: uPlot | undefined;
  private tooltip: Tooltip | undefined;

  constructor(private readonly parts: ChartParts) {
    const { name, title, caption, keys = [] } = parts;
    const legend = keys.map((key) => element('span', { class: `key ${key}` }, key));
    const heading = element('h2', {}, title, element('small', {}, caption), ...legend);
    this.canvas = element('div', { class: 'canvas', tabindex: 0, role: 'img', test: `chart-${name}` });
    this.canvas.addEventListener('keydown', (event) => this.tooltip?.step(event));
    this.canvas.addEventListener('blur', () => this.tooltip?.hide());
    this.root = element('figure', { hidden: true }, element('figcaption', {}, heading), this.canvas);
  }

  /** Draws it with these days. */
  draw(data: Series, plot: uPlot): void {
    this.clear();
    this.root.hidden = false;
    const days = counted(data.x.length, 'day');
    const label = `${this.parts.title}, ${days}. Arrow keys go from day to day; the table below has the numbers.`;
    this.canvas.setAttribute('aria-label', label);
    this.canvas.append(plot.root);
    this.plot = plot;
    this.tooltip = new Tooltip(plot, data);
  }

  /** Draws nothing. */
  clear(): void {
    this.plot?.destroy();
    this.plot = this.tooltip = undefined;
    replace(this.canvas);
    this.root.hidden = true;
  }

  resize(width: number): void {
    if (this.plot && this.plot.width !== width) this.plot.setSize({ width, height: this.plot.height });
  }
}
