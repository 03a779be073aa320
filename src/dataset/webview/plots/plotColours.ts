/** Data series, in this order; past six, the text's own colour. */
const SERIES = ['charts-blue', 'charts-green', 'charts-orange', 'charts-purple', 'charts-yellow', 'charts-red'] as const;

/** The page's colours as a canvas takes them. */
export interface PlotColours {
  readonly series: readonly string[];
  readonly foreground: string;
  readonly dim: string;
  readonly grid: string;
  readonly warning: string;
  readonly gap: string;
  readonly font: string;
}

/** Reads VS Code's variables: a canvas understands none, and no mixing of them. */
export function readPlotColours(): PlotColours {
  const probe = document.createElement('i');
  document.body.append(probe);
  const colour = (value: string) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const result = {
    series: SERIES.map((name) => colour(`var(--vscode-${name})`)),
    foreground: colour('var(--vscode-foreground)'),
    dim: colour('var(--ty-dim)'),
    grid: colour('color-mix(in srgb, var(--vscode-foreground) 14%, transparent)'),
    warning: colour('var(--vscode-editorWarning-foreground)'),
    gap: colour('color-mix(in srgb, var(--vscode-editorWarning-foreground) 18%, transparent)'),
    font: `10px ${getComputedStyle(document.body).fontFamily}`,
  };
  probe.remove();
  return result;
}

export function seriesColour(colours: PlotColours, nth: number): string {
  return colours.series[nth] ?? colours.foreground;
}

/** Calls back when the theme changes: the body's class, or only the variables that stand at the root. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
