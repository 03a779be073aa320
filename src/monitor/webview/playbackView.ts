import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount } from '../../base/format.ts';
import { icon } from '../../webview/icon.ts';
import { playIcon } from '../../webview/icons.ts';
import { percentWide } from './cells.ts';
import { EVENT_ICONS } from './eventList.ts';
import { chevronLeftIcon, chevronRightIcon, exportIcon, pauseIcon } from './icons.ts';
import { SPEEDS } from './playback.ts';
import type { Playback, Speed } from './playback.ts';
import type { HistoryEvent } from './protocol.ts';
import { agoWords, clock, day, moment, pastAxis, rangeWords, shortClock, zone } from './timeWindow.ts';
import type { TimeRange } from './timeWindow.ts';

export interface PlaybackViewState {
  readonly playback: Playback;
  /** What the scrubber spans. */
  readonly range: TimeRange;
  readonly now: number;
  readonly step: number;
}

export interface PlaybackViewEvents {
  move(time: number): void;
  /** By one sample. */
  stepBy(direction: 1 | -1): void;
  jump(direction: 1 | -1): void;
  readonly toggle: () => void;
  speed(speed: Speed): void;
  /** By one window. */
  page(direction: 1 | -1): void;
  readonly clearSelection: () => void;
  export(range: TimeRange): void;
}

/** Percent of the scrubber that an event's words need. */
const LABEL_WIDTH = 14;

export function playbackView(state: PlaybackViewState, events: PlaybackViewEvents): TemplateResult {
  const { playback, range, now } = state;
  const { playhead, selection, kept } = playback;
  return html`<div class="when">
      <div class="now">${clock(playhead)} <span class="dim">${day(playhead)}, ${zone(playhead)}</span></div>
      <div class="dim">${agoWords(playhead, now)}</div>
      <div class="transport">
        ${button('To the event before (Shift+←)', chevronLeftIcon, 'bar-left', () => events.jump(-1))}
        ${button('One sample back (←)', chevronLeftIcon, '', () => events.stepBy(-1))}
        ${button(playback.isPlaying ? 'Pause (Space)' : 'Play (Space)', playback.isPlaying ? pauseIcon : playIcon, 'framed', events.toggle)}
        ${button('One sample on (→)', chevronRightIcon, '', () => events.stepBy(1))}
        ${button('To the next event (Shift+→)', chevronRightIcon, 'bar-right', () => events.jump(1))}
        <button class="speed" title="Speed" @click=${() => events.speed(SPEEDS[(SPEEDS.indexOf(playback.speed) + 1) % SPEEDS.length] ?? 1)}>${playback.speed}×</button>
      </div>
    </div>
    <div class="track">
      <div class="track-head">
        <span class="dim ell">${keptWords(state)}</span><span class="sp"></span>
        ${selection === undefined
          ? html`<span class="dim ell drag-hint">drag over a history to select a time</span>`
          : html`<span class="ell">Selected ${shortClock(selection.from)} – ${shortClock(selection.to)} <span class="dim">${rangeWords(selection)}, ${formatCount(Math.round((selection.to - selection.from) / state.step))} samples</span></span>
              <button class="button small" @click=${() => events.export(selection)}>${icon(exportIcon)}Export selection…</button>
              <button class="link" @click=${events.clearSelection}>Clear</button>`}
        ${button('Earlier', chevronLeftIcon, '', () => events.page(-1), kept !== undefined && range.from <= kept.from)}
        ${button('Later', chevronRightIcon, '', () => events.page(1), range.to >= now)}
      </div>
      <div class="marks-line">${marks(playback.events, range, events)}</div>
      <div class="scrub" @click=${(event: MouseEvent) => events.move(timeAt(event, range))}>
        <div class="overview" role="img" aria-label="Mean busy of all GPUs" data-series="mean busy" data-top="100" data-unit="%" data-tone="mine"></div>
        ${selection === undefined ? nothing : html`<i class="selected" .style=${`left:${place(selection.from, range)}%;width:${place(selection.to, range) - place(selection.from, range)}%`}></i>`}
        <button
          class="head"
          role="slider"
          aria-label="Playhead"
          aria-valuemin=${Math.round(range.from / 1000)}
          aria-valuemax=${Math.round(range.to / 1000)}
          aria-valuenow=${Math.round(playhead / 1000)}
          aria-valuetext=${moment(playhead, now)}
          .style=${`left:${place(playhead, range)}%`}
          @pointerdown=${(event: PointerEvent) => drag(event, range, events)}
        ></button>
      </div>
      <div class="axis">${pastAxis(range).map((words, index) => html`<span>${index === 3 && range.to >= now - 2000 ? `now ${words}` : words}</span>`)}</div>
    </div>`;
}

function keptWords({ playback, now }: PlaybackViewState): string {
  return playback.kept === undefined ? (playback.reason ?? 'Nothing is kept of this machine.') : `All GPUs, mean busy · kept since ${moment(playback.kept.from, now).slice(0, -3)}`;
}

function button(title: string, svg: string, tone: string, click: () => void, disabled = false): TemplateResult {
  return html`<button class="icon-button ${tone}" title=${title} aria-label=${title} ?disabled=${disabled} @click=${click}>${icon(svg)}</button>`;
}

function place(time: number, { from, to }: TimeRange): number {
  return Math.min(100, Math.max(0, (100 * (time - from)) / Math.max(1, to - from)));
}

/** Events on the scrubber; their words only where they do not collide with the next. */
function marks(all: readonly HistoryEvent[], range: TimeRange, events: PlaybackViewEvents): readonly TemplateResult[] {
  const shown = all.filter(({ time }) => time >= range.from && time <= range.to);
  return shown.map((event, index) => {
    const at = place(event.time, range);
    const next = shown[index + 1];
    const room = (next === undefined ? 100 : place(next.time, range)) - at;
    const [svg, tone] = EVENT_ICONS[event.kind];
    const words = `${clock(event.time)} ${event.words}`;
    return html`<button class="ev" title=${words} aria-label=${words} .style=${`left:${at.toFixed(2)}%;max-${percentWide(room)}`} @click=${() => events.move(event.time)}>
      ${icon(svg, tone)}${room >= LABEL_WIDTH ? html`<span class="ell">${event.words}</span>` : nothing}
    </button>`;
  });
}

function timeAt({ clientX, currentTarget }: MouseEvent, { from, to }: TimeRange, element = currentTarget as HTMLElement): number {
  const { left, width } = element.getBoundingClientRect();
  return from + (to - from) * Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width)));
}

function drag(event: PointerEvent, range: TimeRange, events: PlaybackViewEvents): void {
  const head = event.currentTarget as HTMLElement;
  const scrub = head.parentElement as HTMLElement;
  head.setPointerCapture(event.pointerId);
  const follow = (moved: PointerEvent) => events.move(timeAt(moved, range, scrub));
  head.addEventListener('pointermove', follow);
  head.addEventListener('lostpointercapture', () => head.removeEventListener('pointermove', follow), { once: true });
}
