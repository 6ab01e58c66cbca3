/** The charts of one text over time: success rate with its interval, conversations per day, latency. */
import uPlot from 'uplot';
import type { Day } from '../../src/protocol';
import { element } from '../dom';
import { Chart } from './chart';
import { conversationsOptions, frame, latencyOptions, rateOptions } from './options';
import { hasValues, series, type Series } from './series';
import { onThemeChange, palette } from './theme';

export class Charts {
  readonly root = element('section', { class: 'charts', 'aria-label': 'Over time', test: 'statistics-charts' });
  private readonly rate = new Chart({
    name: 'rate',
    title: 'Success rate',
    caption: 'line: rate of the day · band: 95 % interval',
  });
  private readonly conversations = new Chart({
    name: 'conversations',
    title: 'Conversations per day',
    caption: 'the fewer there are, the wider the band above',
  });
  private readonly latency = new Chart({
    name: 'latency',
    title: 'Latency',
    caption: 'half of the runs are faster than p50',
    keys: ['p50', 'p95', 'p99'],
  });
  private readonly all = [this.rate, this.conversations, this.latency];
  private data: Series = series([]);
  private drawn = '';

  constructor() {
    this.root.append(...this.all.map((chart) => chart.root));
    new ResizeObserver(() => this.all.forEach((chart) => chart.resize(this.width()))).observe(this.root);
    onThemeChange(() => this.draw());
  }

  /** Shows these days; those that are drawn already stay as they are. */
  show(days: Day[]): void {
    const now = JSON.stringify(days);
    if (now === this.drawn) return;
    this.drawn = now;
    this.data = series(days);
    this.draw();
  }

  private draw(): void {
    const { data } = this;
    const { x, rate, low, high, conversations, p50, p95, p99 } = data;
    if (x.length === 0) return this.all.forEach((chart) => chart.clear());
    const colours = palette();
    const options = frame(this.width());
    this.rate.draw(data, new uPlot({ ...options, ...rateOptions(data, colours) }, [x, low, high, rate]));
    const bars = new uPlot({ ...options, ...conversationsOptions(data, colours) }, [x, conversations]);
    this.conversations.draw(data, bars);
    if (![p50, p95, p99].some(hasValues)) return this.latency.clear();
    this.latency.draw(data, new uPlot({ ...options, ...latencyOptions(data, colours) }, [x, p50, p95, p99]));
  }

  private width(): number {
    return Math.max(240, Math.floor(this.root.clientWidth));
  }
}
