import type { Extent } from '../../../base/orientation.ts';
import { TILE } from './protocol.ts';
import { colourVariable } from './shapes.ts';
import type { ShownShape } from './shapes.ts';
import type { TileAddress, Tiles } from './tiles.ts';
import { tilesOver } from './tiles.ts';
import type { Viewport } from './viewport.ts';

export interface ShapeLook {
  /** Shapes to be drawn, with their series' colours. */
  readonly shapes: readonly { readonly shape: ShownShape; readonly colour: number }[];
  readonly selected: number | undefined;
  /** Scores from which on a line is solid. */
  readonly solidFrom: number;
  /** 0 to 1. */
  readonly maskOpacity: number;
}

export interface Scene {
  readonly extent: Extent;
  readonly levels: number;
  readonly look: ShapeLook;
  /** A mark around the pixel that is read. */
  readonly pixel: { readonly x: number; readonly y: number } | undefined;
}

/** From this zoom on pixels are squares to be seen. */
const CRISP = 2;

/** The level whose pixels are the nearest to those of the screen, none coarser. */
export function levelAt(zoom: number, ratio: number, levels: number): number {
  return Math.min(levels, Math.max(0, Math.floor(Math.log2(1 / (zoom * ratio)))));
}

/** Draws what there is and says which tiles are wanted, coarse ones first. */
export function paint(canvas: HTMLCanvasElement, viewport: Viewport, tiles: Tiles, scene: Scene): readonly TileAddress[] {
  const context = canvas.getContext('2d');
  const { extent, levels } = scene;
  const ratio = window.devicePixelRatio;
  const view = { width: canvas.width / ratio, height: canvas.height / ratio };
  const from = viewport.pointAt(0, 0);
  const to = viewport.pointAt(view.width, view.height);
  const part = { left: Math.max(0, from.x), top: Math.max(0, from.y), right: Math.min(extent.width, to.x) - 1e-6, bottom: Math.min(extent.height, to.y) - 1e-6 };
  const best = levelAt(viewport.zoom, ratio, levels);
  if (context === null || part.right < part.left || part.bottom < part.top) {
    return [];
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  const { origin, zoom } = viewport;
  drawGround(context, origin, { width: extent.width * zoom, height: extent.height * zoom });
  context.imageSmoothingEnabled = zoom < CRISP;
  context.imageSmoothingQuality = 'high';
  const wanted: TileAddress[] = [...tilesOver(part, levels, extent)];
  for (let level = levels; level >= best; level--) {
    for (const address of tilesOver(part, level, extent)) {
      const tile = tiles.at(address);
      if (tile !== undefined) {
        const scale = 2 ** level * zoom;
        const left = Math.round((origin.x + address.column * TILE * scale) * ratio) / ratio;
        const top = Math.round((origin.y + address.row * TILE * scale) * ratio) / ratio;
        // A tile at the edge stands for a fraction of a pixel less than its own.
        const right = Math.min(origin.x + extent.width * zoom, origin.x + (address.column * TILE + tile.width) * scale);
        const bottom = Math.min(origin.y + extent.height * zoom, origin.y + (address.row * TILE + tile.height) * scale);
        context.drawImage(tile, left, top, Math.round(right * ratio) / ratio - left, Math.round(bottom * ratio) / ratio - top);
      }
    }
  }
  wanted.push(...tilesOver(part, best, extent));
  drawShapes(context, viewport, scene.look, getComputedStyle(document.body));
  if (scene.pixel !== undefined) {
    const size = Math.max(9, zoom);
    const x = origin.x + (scene.pixel.x + 0.5) * zoom - size / 2;
    const y = origin.y + (scene.pixel.y + 0.5) * zoom - size / 2;
    context.setLineDash([]);
    context.lineWidth = 3;
    context.strokeStyle = 'black';
    context.strokeRect(x, y, size, size);
    context.lineWidth = 1;
    context.strokeStyle = 'white';
    context.strokeRect(x, y, size, size);
  }
  return wanted;
}

/** What is transparent is seen on a chequered ground. */
function drawGround(context: CanvasRenderingContext2D, origin: { readonly x: number; readonly y: number }, { width, height }: Extent): void {
  const side = 8;
  context.save();
  context.beginPath();
  context.rect(origin.x, origin.y, width, height);
  context.clip();
  context.fillStyle = '#ffffff';
  context.fillRect(origin.x, origin.y, width, height);
  context.fillStyle = '#cccccc';
  const { canvas } = context;
  const left = Math.max(0, Math.floor(-origin.x / side));
  const top = Math.max(0, Math.floor(-origin.y / side));
  for (let row = top; row * side < Math.min(height, canvas.height - origin.y); row++) {
    for (let column = left + ((left + row) % 2); column * side < Math.min(width, canvas.width - origin.x); column += 2) {
      context.fillRect(origin.x + column * side, origin.y + row * side, side, side);
    }
  }
  context.restore();
}

function drawShapes(context: CanvasRenderingContext2D, viewport: Viewport, look: ShapeLook, style: CSSStyleDeclaration): void {
  const { origin, zoom } = viewport;
  const at = (x: number, y: number) => [origin.x + x * zoom, origin.y + y * zoom] as const;
  const colourOf = (colour: number) => style.getPropertyValue(colourVariable(colour)).trim() || style.color;
  for (const { shape, colour } of look.shapes) {
    context.strokeStyle = context.fillStyle = colourOf(colour);
    context.lineWidth = shape.index === look.selected ? 2 : 1.25;
    context.setLineDash(shape.score === undefined || shape.score >= look.solidFrom ? [] : [4, 3]);
    for (const polygon of shape.polygons) {
      context.beginPath();
      polygon.forEach(([x, y], index) => (index === 0 ? context.moveTo(...at(x, y)) : context.lineTo(...at(x, y))));
      context.closePath();
      context.globalAlpha = look.maskOpacity;
      context.fill();
      context.globalAlpha = 1;
      context.stroke();
    }
    if (shape.box !== undefined) {
      const [left, top, width, height] = shape.box;
      const [x, y] = at(left, top);
      context.strokeRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(width * zoom), Math.round(height * zoom));
    }
    context.setLineDash([]);
    for (const { x, y, visible } of shape.keypoints) {
      context.beginPath();
      context.arc(...at(x, y), 3.5, 0, 2 * Math.PI);
      if (visible) {
        context.fill();
      } else {
        context.stroke();
      }
    }
  }
  // Above all lines, on a ground of their own.
  context.font = `12px ${style.getPropertyValue('--vscode-font-family') || 'sans-serif'}`;
  context.textBaseline = 'middle';
  for (const { shape, colour } of look.shapes) {
    const corner = shape.box ?? shape.polygons[0]?.[0];
    if (corner !== undefined) {
      drawLabel(context, at(corner[0], corner[1]), shape, colourOf(colour), style);
    }
  }
}

function drawLabel(context: CanvasRenderingContext2D, [x, y]: readonly [number, number], { label, score }: ShownShape, colour: string, style: CSSStyleDeclaration): void {
  const words = score === undefined ? label : `${label} ${score.toFixed(2)}`;
  const width = context.measureText(words).width + 12;
  const left = Math.max(0, Math.round(x));
  const top = Math.max(0, Math.round(y) - 18);
  context.fillStyle = style.getPropertyValue('--vscode-editor-background');
  context.globalAlpha = 0.88;
  context.fillRect(left, top, width, 18);
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.fillRect(left, top, 3, 18);
  context.fillStyle = style.getPropertyValue('--vscode-foreground') || style.color;
  context.fillText(words, left + 7, top + 9.5);
}
