import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent } from '../../../base/absent.ts';
import { formatBytes, formatCount, formatExactBytes } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { annotationsIcon, errorIcon, inspectorIcon, orientationIcon, previousIcon, shutIcon, warningIcon, zoomInIcon, zoomOutIcon } from '../../../webview/icons.ts';
import { inspector, valuesAt } from './inspector.ts';
import type { InspectorActions, InspectorState } from './inspector.ts';
import type { Glance, PictureFacts } from './protocol.ts';

export interface ViewerState extends Omit<InspectorState, 'facts'> {
  readonly facts: PictureFacts | undefined;
  /** What is known before the picture is decoded. */
  readonly glance: Glance | undefined;
  /** Why there is no picture. */
  readonly problem: string | undefined;
  /** What could not be had of a picture that is there. */
  readonly tileProblem: string | undefined;
  readonly fileChange: 'changed' | 'gone' | undefined;
  readonly page: number;
  readonly upright: boolean;
  readonly shapesShown: boolean;
  readonly inspecting: boolean;
  readonly zoom: number;
  readonly fits: boolean;
}

export interface ViewerActions extends InspectorActions {
  zoomIn(): void;
  zoomOut(): void;
  zoomTo(zoom: number | 'fit'): void;
  toggleShapes(): void;
  toggleUpright(): void;
  toggleInspector(): void;
  turn(by: number): void;
  reopen(): void;
}

const ZOOMS = [0.25, 0.5, 1, 2, 4, 8, 16] as const;

export function layout(state: ViewerState, actions: ViewerActions): TemplateResult {
  const { facts, inspecting, problem } = state;
  return html`<div class="viewer">
    ${toolbar(state, actions)}
    <main class="stage" tabindex="0" data-region="picture" role="img" aria-label=${stageLabel(state)}>
      <canvas></canvas>
      ${problem === undefined
        ? nothing
        : html`<div class="empty">
            ${icon(errorIcon, 'error')}
            <p>${problem}</p>
            <button class="button" @click=${() => actions.reopen()}>Try again</button>
          </div>`}
      ${facts === undefined && problem === undefined ? html`<p class="waiting unknown">decoding…</p>` : nothing}
    </main>
    ${facts === undefined ? nothing : statusBar(state, facts, actions)}
    ${inspecting && facts !== undefined ? html`<aside class="inspector" data-region="inspector">${inspector({ ...state, facts }, actions)}</aside>` : nothing}
  </div>`;
}

function toolbar(state: ViewerState, actions: ViewerActions): TemplateResult {
  const { facts, zoom, fits, shapes, shapesShown, upright, inspecting } = state;
  if (facts === undefined) {
    const { glance } = state;
    return html`<header class="toolbar" data-region="toolbar">
      ${glance === undefined ? nothing : html`<h1 title=${glance.name}>${glance.name}</h1><span class="meta dim">${[glance.words, formatBytes(glance.size)].filter((word) => word !== '').join(' · ')}</span>`}
    </header>`;
  }
  const bits = isAbsent(facts.bits) ? '' : `${facts.bits}-bit `;
  return html`<header class="toolbar" data-region="toolbar">
    <h1 title=${facts.name}>${facts.name}</h1>
    <span class="meta dim" title=${formatExactBytes(facts.size)}>${formatCount(facts.width)}×${formatCount(facts.height)} · ${bits}${colourWords(facts.channels)} · ${formatBytes(facts.size)}</span>
    <span class="space"></span>
    ${facts.pages > 1 ? pages(state, facts.pages, actions) : nothing}
    <button class="icon-button" title="Zoom out (−)" aria-label="Zoom out" @click=${() => actions.zoomOut()}>${icon(zoomOutIcon)}</button>
    <span class="zoom number" role="status" aria-label="Zoom">${formatCount(zoom * 100)}\u202f%</span>
    <button class="icon-button" title="Zoom in (+)" aria-label="Zoom in" @click=${() => actions.zoomIn()}>${icon(zoomInIcon)}</button>
    <select class="select" aria-label="Zoom to" .value=${fits ? 'fit' : String(zoom)} @change=${(event: Event) => actions.zoomTo(zoomOf((event.target as HTMLSelectElement).value))}>
      <option value="fit" ?selected=${fits}>Fit (0)</option>
      ${fits || ZOOMS.some((value) => value === zoom) ? nothing : html`<option value=${zoom} selected>${formatCount(zoom * 100)}\u202f%</option>`}
      ${ZOOMS.map((value) => html`<option value=${value} ?selected=${!fits && value === zoom}>${value * 100}\u202f%</option>`)}
    </select>
    ${toggle(annotationsIcon, 'Annotations (A)', shapesShown, !shapes || shapes.items.length === 0, () => actions.toggleShapes())}
    ${toggle(orientationIcon, 'Turn as EXIF says (O)', upright && facts.orientation !== 1, facts.orientation === 1, () => actions.toggleUpright())}
    ${toggle(inspectorIcon, 'Inspector (I)', inspecting, false, () => actions.toggleInspector())}
  </header>`;
}

function pages({ page }: ViewerState, count: number, actions: ViewerActions): TemplateResult {
  return html`<span class="pages">
    <button class="icon-button" title="Previous page (PageUp)" aria-label="Previous page" aria-disabled=${page === 0} @click=${() => actions.turn(-1)}>${icon(previousIcon)}</button>
    <span class="number">${formatCount(page + 1)} of ${formatCount(count)}</span>
    <button class="icon-button" title="Next page (PageDown)" aria-label="Next page" aria-disabled=${page === count - 1} @click=${() => actions.turn(1)}>${icon(shutIcon)}</button>
  </span>`;
}

function toggle(svg: string, title: string, on: boolean, disabled: boolean, act: () => void): TemplateResult {
  return html`<button class="icon-button toggle" title=${title} aria-label=${title} aria-pressed=${on && !disabled} aria-disabled=${disabled} @click=${() => !disabled && act()}>${icon(svg)}</button>`;
}

function statusBar({ pixel, near, tileProblem, fileChange, selected }: ViewerState, facts: PictureFacts, actions: ViewerActions): TemplateResult {
  const values = pixel && near ? valuesAt(near, facts.channels.length, pixel.x, pixel.y) : undefined;
  return html`<footer class="status">
    ${pixel === undefined
      ? html`<span class="dim">Point at a pixel to read it. Shift and arrows move the mark.</span>`
      : html`<span class="mono">x ${formatCount(pixel.x)}&ensp;y ${formatCount(pixel.y)}</span>
          <span class="mono">${facts.channels.map((channel, index) => html`${channel} ${values?.[index] === undefined ? '–' : formatCount(values[index])}&ensp;`)}</span>
          ${values !== undefined && facts.ceiling === 255 && facts.channels[0] === 'R' ? html`<span class="mono">${hex(values)}</span>` : nothing}`}
    ${selected ? html`<span class="dim">in ${selected.label}</span>` : nothing}
    <span class="space"></span>
    ${fileChange === 'gone' ? html`<span class="warning">${icon(warningIcon, 'warning')} the file is gone; this is what it was</span>` : nothing}
    ${tileProblem === undefined ? nothing : html`<span class="error" role="alert">${tileProblem}</span> <button class="link" @click=${() => actions.reopen()}>Try again</button>`}
  </footer>`;
}

function stageLabel({ facts, shapes }: ViewerState): string {
  if (facts === undefined) {
    return 'No picture';
  }
  const marks = shapes ? `, ${formatCount(shapes.items.length)} annotations` : '';
  return `${facts.name}, ${formatCount(facts.width)} by ${formatCount(facts.height)} pixels, ${facts.channels.join(' ')}${marks}. Arrows pan, plus and minus zoom, Shift and arrows read pixels.`;
}

function zoomOf(value: string): number | 'fit' {
  return value === 'fit' ? 'fit' : Number(value);
}

/** `RGB`, `Gray with alpha`. */
function colourWords(channels: readonly string[]): string {
  const colours = channels.filter((channel) => channel !== 'A').join('');
  return colours.length < channels.join('').length ? `${colours} with alpha` : colours;
}

function hex(values: readonly number[]): string {
  return `#${values.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
