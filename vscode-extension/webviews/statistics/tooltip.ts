/** The exact numbers of the day under the cursor, or of the one that the arrow keys have gone to. */
import type uPlot from 'uplot';
import { element, replace } from '../dom';
import { counted, dayName, duration, interval, percent } from './format';
import type { Series } from './series';

export class Tooltip {
  private readonly box = element('div', { class: 'tooltip', role: 'status', hidden: true, test: 'chart-tooltip' });
  private over = false;

  constructor(
    private readonly plot: uPlot,
    private readonly data: Series,
  ) {
    plot.over.append(this.box);
    plot.over.addEventListener('mouseenter', () => (this.over = true));
    plot.over.addEventListener('mouseleave', () => this.hide());
    (plot.hooks.setCursor ??= []).push(() => this.over && this.show(plot.cursor.idx));
  }

  /** Arrow keys, Home and End go from day to day; Escape hides the numbers. */
  step(event: KeyboardEvent): void {
    const last = this.data.x.length - 1;
    const here = this.plot.cursor.idx ?? (event.key === 'ArrowLeft' ? last + 1 : -1);
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last }[event.key];
    if (event.key === 'Escape') this.hide();
    if (to === undefined) return;
    event.preventDefault();
    const at = Math.max(0, Math.min(last, to));
    this.over = true;
    this.plot.setCursor({ left: this.plot.valToPos(this.data.x[at] ?? 0, 'x'), top: 0 });
    this.show(at);
  }

  hide(): void {
    this.over = false;
    this.box.hidden = true;
  }

  private show(at: number | null | undefined): void {
    const time = at === null || at === undefined ? undefined : this.data.x[at];
    this.box.hidden = time === undefined;
    if (time === undefined) return;
    replace(this.box, element('strong', {}, dayName(time, true)), ...this.lines(at as number));
    const left = this.plot.valToPos(time, 'x');
    const width = this.plot.over.clientWidth;
    const beyond = left > width / 2;
    this.box.style.left = beyond ? '' : `${left + 12}px`;
    this.box.style.right = beyond ? `${width - left + 12}px` : '';
  }

  private lines(at: number): HTMLElement[] {
    const day = this.data.days[at];
    if (!day) return [element('span', {}, 'no runs')];
    const { p50, p95, p99 } = day.latency;
    const rows: [string, string][] = [
      ['success', day.rate === null ? 'no known outcome' : `${percent(day.rate)} ${interval(day)}`],
      ['outcomes', `${day.successes} of ${counted(day.conversations, 'conversation')}`],
      ['runs', day.executions.toLocaleString('en')],
      ['p50', duration(p50)],
      ['p95', duration(p95)],
      ['p99', duration(p99)],
    ];
    return rows.map(([name, value]) => element('span', {}, element('i', {}, name), value));
  }
}
