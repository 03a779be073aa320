import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent } from '../../../base/absent.ts';
import type { Measured } from '../../../base/absent.ts';
import { formatBytes, formatCount, formatExactBytes, formatPercent, formatWhen } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { eyeClosedIcon, eyeIcon } from '../../../webview/icons.ts';
import { shownExtent } from '../../../base/orientation.ts';
import type { Histogram, PictureFacts, Shapes, StoredPixels, TagGroup } from './protocol.ts';
import { areaOf, colourVariable, labelSums } from './shapes.ts';
import type { ShownShape } from './shapes.ts';

export interface InspectorState {
  readonly facts: PictureFacts;
  readonly pixel: { readonly x: number; readonly y: number } | undefined;
  readonly near: StoredPixels | undefined;
  readonly shapes: Shapes | null | undefined;
  readonly hidden: ReadonlySet<string>;
  readonly solidFrom: number;
  readonly maskOpacity: number;
  readonly selected: ShownShape | undefined;
  readonly histogram: Histogram | undefined;
  readonly tags: readonly TagGroup[] | undefined;
}

export interface InspectorActions {
  toggleLabel(label: string): void;
  setSolidFrom(value: number): void;
  setMaskOpacity(value: number): void;
  openSource(): void;
}

/** Columns and rows of the pixels that the loupe shows. */
export const LOUPE = { columns: 15, rows: 9 } as const;

export function inspector(state: InspectorState, actions: InspectorActions): TemplateResult {
  const { facts } = state;
  return html`${facts.problems.length > 0 || facts.notes.length > 0
    ? html`<section>
        ${facts.problems.map((problem) => html`<p class="error">${problem}</p>`)} ${facts.notes.map((note) => html`<p class="dim">${note}</p>`)}
      </section>`
    : nothing}
  ${pixelSection(state)} ${shapesSection(state, actions)} ${state.selected ? selectedSection(state.selected, facts) : nothing} ${histogramSection(state)} ${fileSection(facts)}
  ${(state.tags ?? []).map(
    ({ title, tags }) =>
      html`<section>
        <h2>${title}</h2>
        <dl>${tags.map(({ name, value }) => fact(name, value))}</dl>
      </section>`,
  )}`;
}

function pixelSection({ facts, pixel, near }: InspectorState): TemplateResult {
  const values = pixel && near ? valuesAt(near, facts.channels.length, pixel.x, pixel.y) : undefined;
  return html`<section aria-label="Pixel">
    <header><h2>Pixel</h2>${pixel ? html`<span class="mono dim">x ${formatCount(pixel.x)}, y ${formatCount(pixel.y)}</span>` : html`<span class="unknown">point at the picture</span>`}</header>
    <canvas class="loupe" width="256" height=${Math.round((256 * LOUPE.rows) / LOUPE.columns)} role="img" aria-label="The pixels around the one that is read"></canvas>
    <div class="values mono" aria-live="off">
      ${facts.channels.map((channel, index) => html`<span><b class="channel ${channel}">${channel}</b> ${values?.[index] === undefined ? '–' : formatCount(values[index])}</span>`)}
    </div>
  </section>`;
}

function shapesSection({ shapes, hidden, solidFrom, maskOpacity }: InspectorState, actions: InspectorActions): TemplateResult {
  if (shapes === undefined) {
    return html`<section><header><h2>Annotations</h2></header><p class="unknown">looking for them…</p></section>`;
  }
  if (shapes === null) {
    return html`<section><header><h2>Annotations</h2></header><p class="unknown">not annotated</p></section>`;
  }
  const sums = labelSums(shapes.items);
  const scored = shapes.items.some(({ score }) => score !== undefined);
  const masked = shapes.items.some(({ polygons }) => polygons !== undefined && polygons.length > 0);
  return html`<section aria-label="Annotations">
    <header><h2>Annotations</h2><button class="link source" title="Show ${shapes.file}" @click=${() => actions.openSource()}>${shapes.format} · ${shapes.file.split('/').at(-1)}</button></header>
    ${sums.length === 0 ? html`<p class="unknown">it is listed, and nothing is marked on it</p>` : nothing}
    <ul class="labels">
      ${sums.map(
        ({ label, colour, words }) =>
          html`<li>
            <button class="label" aria-pressed=${!hidden.has(label)} title=${hidden.has(label) ? 'Show' : 'Hide'} @click=${() => actions.toggleLabel(label)}>
              ${icon(hidden.has(label) ? eyeClosedIcon : eyeIcon)}<i class="swatch" .style=${`background:var(${colourVariable(colour)})`}></i><span class="name">${label}</span><span class="dim">${words}</span>
            </button>
          </li>`,
      )}
    </ul>
    ${scored ? slider('Solid from score', solidFrom, solidFrom.toFixed(2), (value) => actions.setSolidFrom(value)) : nothing} ${masked ? slider('Mask opacity', maskOpacity, formatPercent(maskOpacity), (value) => actions.setMaskOpacity(value)) : nothing}
  </section>`;
}

function slider(label: string, value: number, words: string, set: (value: number) => void): TemplateResult {
  return html`<label class="slider"
    ><span>${label}</span><input type="range" min="0" max="1" step="0.05" .value=${String(value)} aria-valuetext=${words} @input=${(event: InputEvent) => set(Number((event.target as HTMLInputElement).value))} /><span
      class="number"
      >${words}</span
    ></label
  >`;
}

function selectedSection(shape: ShownShape, { width, height }: PictureFacts): TemplateResult {
  const { box, polygons, label, score, keypoints } = shape;
  return html`<section aria-label="Selected annotation">
    <header><h2>Selected</h2></header>
    <dl>
      ${fact('Class', label)} ${score === undefined ? nothing : fact('Score', score.toFixed(3))}
      ${box ? html`${fact('Box', `${round(box[0])}, ${round(box[1])} – ${round(box[0] + box[2])}, ${round(box[1] + box[3])}`)} ${fact('Size', `${round(box[2])}×${round(box[3])} px`)}` : nothing}
      ${polygons.length > 0 ? fact('Mask area', `${formatCount(areaOf(shape))} px, ${formatPercent(areaOf(shape) / (width * height))}`) : nothing}
      ${keypoints.length > 0 ? fact('Key points', `${keypoints.filter(({ visible }) => visible).length} of ${keypoints.length} visible`) : nothing}
    </dl>
  </section>`;
}

function histogramSection({ histogram, facts }: InspectorState): TemplateResult {
  if (histogram === undefined) {
    return html`<section><header><h2>Histogram</h2></header><div class="histogram"></div></section>`;
  }
  const { clippedHigh, clippedLow, part } = histogram;
  const ends = [...(clippedLow > 0 ? [`${percent(clippedLow)} low`] : []), ...(clippedHigh > 0 ? [`${percent(clippedHigh)} high`] : [])].join(' · ');
  return html`<section aria-label="Histogram">
    <header><h2>Histogram</h2><span class="dim" title="Pixels with a channel at an end of its range">${ends === '' ? 'nothing clipped' : `clipped ${ends}`}</span></header>
    <canvas class="histogram" width="480" height="110" role="img" aria-label="Histogram of ${facts.channels.join(', ')}: ${ends === '' ? 'nothing clipped' : `clipped ${ends}`}"></canvas>
    <div class="axis"><span>0</span><span>${formatCount(facts.ceiling)}</span></div>
    ${part < 1 ? html`<p class="dim">From ${formatPercent(part)} of the pixels.</p>` : nothing}
  </section>`;
}

function fileSection(facts: PictureFacts): TemplateResult {
  const shown = shownExtent(facts, facts.orientation);
  return html`<section aria-label="File">
    <h2>File</h2>
    <dl>
      ${fact('Stored', `${formatCount(facts.width)}×${formatCount(facts.height)} px`)} ${facts.orientation === 1 ? nothing : fact('Shown', `${formatCount(shown.width)}×${formatCount(shown.height)} px, EXIF orientation ${facts.orientation}`)}
      ${fact('Container', facts.container)} ${fact('Channels', facts.channels.join(' '))} ${measured('Bits', facts.bits, (bits) => `${bits} a channel`)} ${measured('Profile', facts.profile, String)}
      ${facts.pages > 1 ? fact('Pages', formatCount(facts.pages)) : nothing}
      <dt>Size</dt>
      <dd title=${formatExactBytes(facts.size)}>${formatBytes(facts.size)}</dd>
      ${fact('Modified', formatWhen(facts.modified, Date.now()))} ${fact('Decoder', facts.decoder)}
    </dl>
  </section>`;
}

export function valuesAt({ x, y, width, height, values }: StoredPixels, channels: number, atX: number, atY: number): readonly number[] | undefined {
  const [column, row] = [atX - x, atY - y];
  const inside = column >= 0 && row >= 0 && column < width && row < height;
  return inside ? values.slice((row * width + column) * channels, (row * width + column + 1) * channels) : undefined;
}

function fact(name: string, value: string): TemplateResult {
  return html`<dt>${name}</dt><dd>${value}</dd>`;
}

function measured<T>(name: string, value: Measured<T>, words: (value: T) => string): TemplateResult {
  return isAbsent(value) ? html`<dt>${name}</dt><dd class="unknown">${value.absent}</dd>` : fact(name, words(value));
}

function round(value: number): string {
  return formatCount(Math.round(value));
}

/** Of little parts a digit more. */
function percent(fraction: number): string {
  return fraction < 0.0005 ? '< 0.1\u202f%' : fraction < 0.1 ? `${(fraction * 100).toFixed(1)}\u202f%` : formatPercent(fraction);
}
