/** The page's colours as a canvas takes them. */
export interface Paint {
  readonly highContrast: boolean;
  readonly mine: string;
  readonly mineFill: string;
  readonly foreground: string;
  readonly dim: string;
  readonly fill: string;
  readonly red: string;
  readonly yellow: string;
  /** Over what is after the playhead. */
  readonly veil: string;
  hatch(context: CanvasRenderingContext2D): CanvasPattern | string;
}

const NAMES = ['mine', 'mine-fill', 'foreground', 'line-dim', 'line-fill', 'red', 'yellow', 'veil', 'hatch-line'] as const;
const TILE = 6;

/** Reads `--paint-NAME` of the page: a canvas understands no variables and no mixing of them. */
export function readPaint(): Paint {
  const probe = document.createElement('i');
  document.body.append(probe);
  const colours = new Map(
    NAMES.map((name) => {
      probe.style.color = `var(--paint-${name})`;
      return [name, getComputedStyle(probe).color] as const;
    }),
  );
  probe.remove();
  const colour = (name: (typeof NAMES)[number]) => colours.get(name) ?? '';
  let pattern: CanvasPattern | null = null;
  return {
    highContrast: document.body.classList.contains('vscode-high-contrast'),
    mine: colour('mine'),
    mineFill: colour('mine-fill'),
    foreground: colour('foreground'),
    dim: colour('line-dim'),
    fill: colour('line-fill'),
    red: colour('red'),
    yellow: colour('yellow'),
    veil: colour('veil'),
    hatch: (context) => (pattern ??= hatchPattern(context, colour('hatch-line'))) ?? colour('hatch-line'),
  };
}

function hatchPattern(context: CanvasRenderingContext2D, colour: string): CanvasPattern | null {
  const size = Math.round(TILE * devicePixelRatio);
  const tile = new OffscreenCanvas(size, size);
  const brush = tile.getContext('2d');
  if (brush === null) {
    return null;
  }
  brush.strokeStyle = colour;
  brush.lineWidth = devicePixelRatio;
  brush.beginPath();
  for (const shift of [-size, 0, size]) {
    brush.moveTo(shift - 1, size + 1);
    brush.lineTo(shift + size + 1, -1);
  }
  brush.stroke();
  return context.createPattern(tile, 'repeat');
}
