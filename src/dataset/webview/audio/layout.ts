import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent } from '../../../base/absent.ts';
import { formatExactBytes } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { errorIcon, inspectorIcon, mutedIcon, pauseIcon, playIcon, restartIcon, soundIcon, syncIcon, warningIcon, zoomInIcon, zoomOutIcon } from '../../../webview/icons.ts';
import { inspector } from './inspector.ts';
import type { AudioInspectorState } from './inspector.ts';
import { channelName } from './lanes.ts';
import type { View } from './lanes.ts';
import { SPEEDS } from './playback.ts';
import type { Heard } from './player.ts';
import type { AudioMark, Transcript } from './protocol.ts';
import { formatTime, spokenTime } from './time.ts';

export interface AudioState extends Omit<AudioInspectorState, 'facts'> {
  readonly facts: AudioInspectorState['facts'] | undefined;
  readonly problem: string | undefined;
  readonly laneProblem: string | undefined;
  readonly fileChange: 'changed' | 'gone' | undefined;
  readonly view: View;
  readonly chosen: readonly number[];
  readonly inspecting: boolean;
  readonly transcript: Transcript | null | undefined;
  readonly position: number;
  readonly length: number;
  readonly span: number;
  readonly playing: boolean;
  readonly looping: boolean;
  readonly selection: readonly [number, number] | undefined;
  readonly heard: Heard;
  readonly speed: number;
  readonly volume: number;
  readonly muted: boolean;
}

export interface AudioActions {
  setView(view: View): void;
  choose(channel: number): void;
  zoom(factor: number): void;
  fit(): void;
  toggleInspector(): void;
  toggle(): void;
  restart(): void;
  toggleLoop(): void;
  hear(heard: Heard): void;
  setSpeed(speed: number): void;
  setVolume(volume: number): void;
  toggleMute(): void;
  select(range: readonly [number, number]): void;
  showMark(mark: AudioMark): void;
  reopen(): void;
}

const VIEWS: readonly (readonly [View, string])[] = [
  ['wave-mel', 'Waveform + mel'], ['wave-log', 'Waveform + log'], ['wave-linear', 'Waveform + linear'], ['wave', 'Waveform'], ['mel', 'Mel'], ['log', 'Log'], ['linear', 'Linear'],
];

export function layout(state: AudioState, actions: AudioActions): TemplateResult {
  const { facts, problem, inspecting } = state;
  return html`<div class="player audio">
    ${toolbar(state, actions)}
    <main class="lanes" data-region="recording" tabindex="0" role="group" aria-label=${lanesLabel(state)}>
      <div class="overview"><canvas></canvas><div class="view" hidden></div></div>
      <div class="scroll"><div class="stack"><canvas class="drawn"></canvas><div class="cursor" hidden></div><div class="playhead" hidden><b></b></div></div></div>
      ${problem === undefined
        ? facts === undefined
          ? html`<p class="waiting unknown">reading the header…</p>`
          : nothing
        : html`<div class="empty">${icon(errorIcon, 'error')}<p>${problem}</p><button class="button" @click=${() => actions.reopen()}>Try again</button></div>`}
    </main>
    ${transcriptTable(state, actions)} ${facts === undefined ? nothing : transport(state, actions)}
    ${inspecting && facts !== undefined ? html`<aside class="inspector" data-region="inspector">${inspector({ ...state, facts }, (mark) => actions.showMark(mark))}</aside>` : nothing}
  </div>`;
}

function toolbar(state: AudioState, actions: AudioActions): TemplateResult {
  const { facts, view, span, length, inspecting } = state;
  if (facts === undefined) {
    return html`<header class="toolbar" data-region="toolbar"></header>`;
  }
  const codec = isAbsent(facts.codec) ? facts.container : facts.codec;
  return html`<header class="toolbar" data-region="toolbar">
    <h1 title=${facts.name}>${facts.name}</h1>
    <span class="meta dim" title=${formatExactBytes(facts.size)}>${codec} · ${Number((facts.sampleRate / 1000).toFixed(3))} kHz · ${facts.channels} ch · ${formatTime(length, 2)}</span>
    <span class="space"></span>
    ${facts.channels > 8 ? channelPicker(state, actions) : nothing}
    <label class="dim wide" for="view">View</label>
    <select class="select" id="view" @change=${(event: Event) => actions.setView((event.target as HTMLSelectElement).value as View)}>
      ${VIEWS.map(([value, words]) => html`<option value=${value} ?selected=${value === view}>${words}</option>`)}
    </select>
    <button class="icon-button" title="Zoom out (−)" aria-label="Zoom out" @click=${() => actions.zoom(0.5)}>${icon(zoomOutIcon)}</button>
    <span class="zoom number dim" role="status" aria-label="Shown">${span < length * 0.999 ? html`${spanWords(span)} of ${spanWords(length)} s` : 'all'}</span>
    <button class="icon-button" title="Zoom in (+)" aria-label="Zoom in" @click=${() => actions.zoom(2)}>${icon(zoomInIcon)}</button>
    <button class="icon-button toggle" title="Inspector" aria-label="Inspector" aria-pressed=${inspecting} @click=${() => actions.toggleInspector()}>${icon(inspectorIcon)}</button>
  </header>`;
}

function channelPicker({ facts, chosen }: AudioState, actions: AudioActions): TemplateResult {
  return html`<details class="channels">
    <summary class="button small">${chosen.length} of ${facts?.channels} channels</summary>
    <div class="menu">
      ${Array.from({ length: facts?.channels ?? 0 }, (_, channel) => html`<label><input type="checkbox" .checked=${chosen.includes(channel)} @change=${() => actions.choose(channel)} /> ${channel + 1}</label>`)}
    </div>
  </details>`;
}

function transcriptTable({ transcript, position, facts }: AudioState, actions: AudioActions): TemplateResult | typeof nothing {
  if (!transcript || facts === undefined) {
    return nothing;
  }
  const timed = transcript.rows.some(({ start }) => start !== undefined);
  const spoken = transcript.rows.some(({ who }) => who !== undefined);
  return html`<div class="transcript" data-region="transcript" tabindex="0">
    <table>
      <thead>
        <tr>
          ${spoken ? html`<th>Who</th>` : nothing}${timed ? html`<th class="number">Start</th><th class="number">End</th><th class="number">Length</th>` : nothing}
          <th>Transcript <span class="unknown">from ${transcript.source}</span></th>
        </tr>
      </thead>
      <tbody>
        ${transcript.rows.slice(0, 500).map(
          ({ start, end, who, text }) => html`<tr class=${start !== undefined && end !== undefined && position >= start && position < end ? 'now' : ''} @click=${() => start !== undefined && end !== undefined && actions.select([start, end])}>
            ${spoken ? html`<td>${who}</td>` : nothing}
            ${timed
              ? html`<td class="number">${start === undefined ? '–' : formatTime(start, 2)}</td>
                  <td class="number">${end === undefined ? '–' : formatTime(end, 2)}</td>
                  <td class="number">${start === undefined || end === undefined ? '–' : `${(end - start).toFixed(2)} s`}</td>`
              : nothing}
            <td class="said">${text}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function transport(state: AudioState, actions: AudioActions): TemplateResult {
  const { facts, playing, looping, position, length, selection, heard, speed, feed, soundProblem, laneProblem, fileChange } = state;
  const dead = feed === undefined;
  const channels = facts?.channels ?? 0;
  return html`<footer class="transport" data-region="transport">
    <button class="icon-button" title="To the beginning (Home)" aria-label="To the beginning" @click=${() => actions.restart()}>${icon(restartIcon)}</button>
    <button class="icon-button play" title=${soundProblem ?? 'Play or pause (Space)'} aria-label=${playing ? 'Pause' : 'Play'} aria-disabled=${dead} @click=${() => actions.toggle()}>${icon(playing ? pauseIcon : playIcon)}</button>
    <button class="icon-button toggle" title="Loop the selection, or all (L)" aria-label="Loop" aria-pressed=${looping} @click=${() => actions.toggleLoop()}>${icon(syncIcon)}</button>
    <span class="mono time" role="slider" aria-label="Position" aria-valuemin="0" aria-valuemax=${length} aria-valuenow=${position} aria-valuetext=${spokenTime(position)}><b class="position">${formatTime(position)}</b> <span class="dim">/ ${formatTime(length)}</span></span>
    ${selection ? html`<span class="range"><span class="dim">Selection</span> <span class="mono">${formatTime(selection[0])} – ${formatTime(selection[1])}</span> <span class="mono dim">${(selection[1] - selection[0]).toFixed(3)} s</span></span>` : nothing}
    <span class="space"></span>
    ${fileChange === 'gone' ? html`<span class="warning said" role="status">${icon(warningIcon, 'warning')} the file is gone</span>` : nothing}
    ${laneProblem === undefined ? nothing : html`<span class="error said" role="alert" title=${laneProblem}>${laneProblem}</span>`}
    ${channels > 1
      ? html`<label class="dim wide" for="heard">Channel</label>
          <select class="select" id="heard" @change=${(event: Event) => actions.hear((event.target as HTMLSelectElement).value === 'all' ? 'all' : Number((event.target as HTMLSelectElement).value))}>
            <option value="all" ?selected=${heard === 'all'}>${channels === 2 ? 'L + R' : `all ${channels}`}</option>
            ${Array.from({ length: channels }, (_, channel) => html`<option value=${channel} ?selected=${heard === channel}>${channelName(channel, channels)}</option>`)}
          </select>`
      : nothing}
    ${speedSelect(speed, (value) => actions.setSpeed(value))} ${volumeControl(state, actions)}
  </footer>`;
}

export function speedSelect(speed: number, set: (speed: number) => void): TemplateResult {
  return html`<select class="select" aria-label="Speed" title="Speed ([ and ]); the pitch goes with it" @change=${(event: Event) => set(Number((event.target as HTMLSelectElement).value))}>
    ${SPEEDS.map((value) => html`<option value=${value} ?selected=${value === speed}>${value}×</option>`)}
  </select>`;
}

export function volumeControl({ volume, muted }: { readonly volume: number; readonly muted: boolean }, actions: Pick<AudioActions, 'setVolume' | 'toggleMute'>): TemplateResult {
  return html`<button class="icon-button" title="Mute (M)" aria-label="Mute" aria-pressed=${muted} @click=${() => actions.toggleMute()}>${icon(muted ? mutedIcon : soundIcon)}</button>
    <input class="volume" type="range" min="0" max="1" step="0.01" aria-label="Volume" .value=${String(volume)} @input=${(event: Event) => actions.setVolume(Number((event.target as HTMLInputElement).value))} />`;
}

function lanesLabel({ facts, length, progress }: AudioState): string {
  if (facts === undefined) {
    return 'No recording';
  }
  const marks = progress?.analysis ? `, ${progress.analysis.clippings} clipped runs, ${progress.analysis.silences} silent runs` : '';
  return `${facts.name}, ${spokenTime(length)}, ${facts.channels} channels${marks}. Space plays, arrows move, I and O set the selection, plus and minus zoom.`;
}

function spanWords(seconds: number): string {
  return seconds >= 10 ? seconds.toFixed(1) : seconds >= 1 ? seconds.toFixed(2) : seconds.toFixed(4);
}
