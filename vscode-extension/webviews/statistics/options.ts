/** How each chart is drawn: scales, axes with units, lines, bars and the band of the interval. */
import uPlot from 'uplot';
import { dayName, duration } from './format';
import { DAY, stretches, type Series } from './series';
import type { Palette } from './theme';

type Options = Omit<uPlot.Options, 'width'>;

const LEFT = 72;
const MONTH = 30 * DAY;

/** What all charts share: days as they are in UTC, and one cursor. */
export function frame(width: number): Pick<uPlot.Options, 'width' | 'tzDate' | 'cursor' | 'legend'> {
  return {
    width,
    tzDate: (time) => uPlot.tzDate(new Date(time * 1000), 'Etc/UTC'),
    cursor: { sync: { key: 'days' }, y: false, drag: { x: false, y: false }, points: { size: 7 } },
    legend: { show: false },
  };
}

/** The rate, always from 0 to 100 %: a cut axis would make little differences look large. */
export function rateOptions(data: Series, colours: Palette): Options {
  const edge = { stroke: 'transparent', points: { show: false }, scale: 'y' };
  return {
    height: 200,
    scales: { x: days(data), y: { range: [-2, 102] } },
    axes: [
      dayAxis(colours, false),
      valueAxis(colours, 'success rate', { incrs: [25], values: (_, splits) => splits.map((each) => `${each} %`) }),
    ],
    series: [{}, edge, edge, line('rate', colours.rate, [], 2)],
    hooks: { drawAxes: [(plot) => band(plot, data, colours.rate)] },
  };
}

/** Conversations as bars; a day without executions has none, a day without outcomes one of no height. */
export function conversationsOptions(data: Series, colours: Palette): Options {
  const paths = uPlot.paths.bars?.({ size: [0.7, 28], radius: 0.15 });
  return {
    height: 120,
    axes: [
      dayAxis(colours, true),
      valueAxis(colours, 'conversations', {
        incrs: wholeSteps(),
        values: (_, splits) => splits.map((each) => each.toLocaleString('en')),
      }),
    ],
    scales: { x: days(data), y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    series: [
      {},
      { label: 'conversations', fill: colours.bars, width: 0, points: { show: false }, ...(paths ? { paths } : {}) },
    ],
  };
}

/** Percentiles of the latency, from zero, in one unit for the whole axis. */
export function latencyOptions(data: Series, colours: Palette): Options {
  const most = Math.max(...[...data.p50, ...data.p95, ...data.p99].map((each) => each ?? 0));
  const inSeconds = most >= 1000;
  const unit = (each: number) =>
    inSeconds ? `${each / 1000} s` : each < 1 && each > 0 ? duration(each) : `${each} ms`;
  return {
    height: 200,
    axes: [dayAxis(colours, true), valueAxis(colours, 'latency', { values: (_, splits) => splits.map(unit) })],
    scales: { x: days(data), y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] } },
    series: [
      {},
      line('p50', colours.p50, [], 2),
      line('p95', colours.p95, [6, 4], 1.5),
      line('p99', colours.p99, [2, 3], 1.5),
    ],
  };
}

function days(data: Series): uPlot.Scale {
  const [first, last] = [data.x[0] ?? 0, data.x.at(-1) ?? 0];
  const margin = data.x.length < 4 ? 1.5 * DAY : 0.7 * DAY;
  return { time: true, range: () => [first - margin, last + margin] };
}

function line(label: string, stroke: string, dash: number[], width: number): uPlot.Series {
  return { label, stroke, dash, width, spanGaps: false, points: { size: 5, fill: stroke } };
}

function dayAxis(colours: Palette, named: boolean): uPlot.Axis {
  const steps = [1, 2, 4, 7, 14].map((count) => count * DAY);
  return {
    stroke: colours.faint,
    font: colours.font,
    grid: { show: true, stroke: colours.grid, width: 1 },
    ticks: { show: named, stroke: colours.grid, width: 1, size: 4 },
    incrs: [...steps, MONTH, 2 * MONTH, 3 * MONTH, 6 * MONTH, 365 * DAY],
    space: 70,
    size: named ? 38 : 8,
    gap: 4,
    values: (_, splits) => (named ? splits.map((time, at) => dayLabel(time, splits[at - 1])) : splits.map(() => '')),
  };
}

/** A day, with its year where that is new. */
function dayLabel(time: number, before: number | undefined): string {
  const year = (seconds: number) => new Date(seconds * 1000).getUTCFullYear();
  const isNew = before === undefined || year(before) !== year(time);
  return isNew ? `${dayName(time, false)}\n${year(time)} UTC` : dayName(time, false);
}

function valueAxis(colours: Palette, label: string, more: uPlot.Axis): uPlot.Axis {
  return {
    label,
    labelSize: 16,
    labelFont: colours.font,
    font: colours.font,
    stroke: colours.faint,
    grid: { show: true, stroke: colours.grid, width: 1 },
    ticks: { show: false },
    size: LEFT - 16,
    gap: 6,
    space: 28,
    ...more,
  };
}

function wholeSteps(): number[] {
  return [1, 10, 100, 1000, 10_000, 100_000].flatMap((each) => [each, 2 * each, 5 * each]);
}

/** The interval: a band over neighbouring days, a column where a day stands alone. */
function band(plot: uPlot, data: Series, colour: string): void {
  const { ctx } = plot;
  const across = (at: number) => plot.valToPos(data.x[at] ?? 0, 'x', true);
  const up = (value: number | null | undefined) => plot.valToPos(value ?? 0, 'y', true);
  const half = Math.min(6 * uPlot.pxRatio, (across(1) - across(0)) / 3 || 6 * uPlot.pxRatio);
  ctx.save();
  ctx.fillStyle = colour;
  ctx.strokeStyle = colour;
  ctx.lineWidth = uPlot.pxRatio;
  for (const [first, last] of stretches(data.low, data.high)) {
    const indices = Array.from({ length: last - first + 1 }, (_, at) => first + at);
    const path = new Path2D();
    if (first === last) {
      path.rect(across(first) - half, up(data.high[first]), 2 * half, up(data.low[first]) - up(data.high[first]));
    } else {
      for (const at of indices) path.lineTo(across(at), up(data.high[at]));
      for (const at of indices.reverse()) path.lineTo(across(at), up(data.low[at]));
      path.closePath();
    }
    ctx.globalAlpha = 0.2;
    ctx.fill(path);
    ctx.globalAlpha = 0.5;
    ctx.stroke(path);
  }
  ctx.restore();
}
