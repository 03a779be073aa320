/** What canvases are drawn with: VS Code's colours as they are now. */
export interface Colours {
  readonly series: readonly string[];
  readonly dim: string;
  readonly grid: string;
}

const SERIES = ['blue', 'green', 'orange', 'purple', 'yellow', 'red'] as const;

export function readColours(): Colours {
  const style = getComputedStyle(document.body);
  const variable = (name: string) => style.getPropertyValue(`--vscode-${name}`).trim();
  return {
    series: SERIES.map((name) => variable(`charts-${name}`) || variable('foreground')),
    dim: variable('descriptionForeground') || variable('foreground'),
    grid: variable('charts-lines') || variable('foreground'),
  };
}

/** Calls back when the theme changes: VS Code then sets the body's class and the variables anew. */
export function onThemeChange(changed: () => void): void {
  new MutationObserver(changed).observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
}

/** Splits have the same colours everywhere. */
export const SPLIT_COLOURS: Readonly<Record<string, string>> = { train: 'blue', val: 'green', validation: 'green', dev: 'green', test: 'orange' };

/** The colour of a class by its rank among the classes, the largest first. */
export function rankColour(rank: number | undefined): string {
  return rank === undefined || rank >= SERIES.length ? 'foreground' : (SERIES[rank] ?? 'foreground');
}
