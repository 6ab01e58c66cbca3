/** The colours of the theme, for what is drawn on a canvas; those in CSS take the same variables. */

export interface Palette {
  text: string;
  faint: string;
  grid: string;
  rate: string;
  bars: string;
  p50: string;
  p95: string;
  p99: string;
  font: string;
}

/** The colours as they are now. They are named in statistics.css. */
export function palette(): Palette {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found: Palette = {
    text: colour('chart-text'),
    faint: colour('chart-faint'),
    grid: colour('chart-grid'),
    rate: colour('chart-rate'),
    bars: colour('chart-bars'),
    p50: colour('chart-p50'),
    p95: colour('chart-p95'),
    p99: colour('chart-p99'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  };
  probe.remove();
  return found;
}

/** Calls back when the theme has changed: VS Code then sets other classes and variables. */
export function onThemeChange(redraw: () => void): void {
  const observer = new MutationObserver(redraw);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
