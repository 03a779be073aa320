import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent } from '../../../base/absent.ts';
import { formatBytes, formatCount, formatExactBytes, formatWhen } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { errorIcon, inspectorIcon, pauseIcon, playIcon, restartIcon, skipIcon, stepBackIcon, syncIcon, warningIcon } from '../../../webview/icons.ts';
import { fact, note } from '../audio/inspector.ts';
import { speedSelect, volumeControl } from '../audio/layout.ts';
import { formatTime, spokenTime } from '../audio/time.ts';
import type { BarsView } from './bars.ts';
import type { StreamFacts, VideoFacts } from './protocol.ts';

export interface VideoState {
  readonly facts: VideoFacts | undefined;
  readonly problem: string | undefined;
  readonly pictureProblem: string | undefined;
  readonly packetProblem: string | undefined;
  readonly fileChange: 'changed' | 'gone' | undefined;
  readonly inspecting: boolean;
  readonly playing: boolean;
  readonly looping: boolean;
  /** Seconds since the first picture. */
  readonly position: number;
  readonly length: number;
  readonly frame: { readonly index: number; readonly count: number; readonly pts: number; readonly dts: number; readonly ticks: number; readonly isKey: boolean } | undefined;
  readonly dtsNote: string | undefined;
  readonly bars: BarsView | undefined;
  readonly speed: number;
  readonly volume: number;
  readonly muted: boolean;
  readonly pictureWords: string | undefined;
  readonly soundWords: string | undefined;
  readonly silentBecause: string | undefined;
  readonly selection: readonly [number, number] | undefined;
  readonly wait: boolean;
}

export interface VideoActions {
  toggle(): void;
  restart(): void;
  step(by: number): void;
  toggleLoop(): void;
  toggleInspector(): void;
  setSpeed(speed: number): void;
  setVolume(volume: number): void;
  toggleMute(): void;
  reopen(): void;
}

export function layout(state: VideoState, actions: VideoActions): TemplateResult {
  const { facts, problem, pictureProblem, inspecting } = state;
  return html`<div class="player video">
    ${toolbar(state, actions)}
    <main class="film" data-region="film" tabindex="0" role="group" aria-label=${label(state)}>
      <div class="stage"><canvas class="picture"></canvas>
        ${facts !== undefined && pictureProblem !== undefined ? html`<p class="notice">${icon(warningIcon, 'warning')} ${pictureProblem}</p>` : nothing}
        ${problem !== undefined ? html`<div class="empty">${icon(errorIcon, 'error')}<p>${problem}</p><button class="button" @click=${() => actions.reopen()}>Try again</button></div>` : nothing}
        ${facts === undefined && problem === undefined ? html`<p class="waiting unknown">reading the header…</p>` : nothing}
      </div>
      <div class="timeline" ?hidden=${facts === undefined}><canvas class="strip"></canvas><canvas class="wave"></canvas><div class="playhead"></div></div>
    </main>
    ${facts === undefined ? nothing : transport(state, actions)}
    <div class="packets" ?hidden=${facts === undefined}>${barsHead(state)}<canvas class="bars" role="img" aria-label="Sizes of the packets around the picture shown"></canvas></div>
    ${inspecting && facts !== undefined ? html`<aside class="inspector" data-region="inspector">${inspector(state, facts)}</aside>` : nothing}
  </div>`;
}

function toolbar({ facts, length, inspecting }: VideoState, actions: VideoActions): TemplateResult {
  if (facts === undefined) {
    return html`<header class="toolbar" data-region="toolbar"></header>`;
  }
  const codec = isAbsent(facts.codec) ? facts.container : facts.codec;
  const rate = isAbsent(facts.frameRate) ? '' : ` · ${Number(facts.frameRate.toFixed(3))} fps`;
  return html`<header class="toolbar" data-region="toolbar">
    <h1 title=${facts.name}>${facts.name}</h1>
    <span class="meta dim" title=${formatExactBytes(facts.size)}>${codec} · ${facts.width}×${facts.height}${rate} · ${formatTime(length, 2)}</span>
    <span class="space"></span>
    <button class="icon-button toggle" title="Inspector" aria-label="Inspector" aria-pressed=${inspecting} @click=${() => actions.toggleInspector()}>${icon(inspectorIcon)}</button>
  </header>`;
}

function transport(state: VideoState, actions: VideoActions): TemplateResult {
  const { playing, looping, position, length, frame, speed, silentBecause, fileChange, wait } = state;
  return html`<footer class="transport" data-region="transport">
    <button class="icon-button" title="To the beginning (Home)" aria-label="To the beginning" @click=${() => actions.restart()}>${icon(restartIcon)}</button>
    <button class="icon-button" title="One frame back (,)" aria-label="One frame back" @click=${() => actions.step(-1)}>${icon(stepBackIcon)}</button>
    <button class="icon-button play" title="Play or pause (Space)" aria-label=${playing ? 'Pause' : 'Play'} aria-disabled=${wait} @click=${() => actions.toggle()}>${icon(playing ? pauseIcon : playIcon)}</button>
    <button class="icon-button" title="One frame on (.)" aria-label="One frame on" @click=${() => actions.step(1)}>${icon(skipIcon)}</button>
    <button class="icon-button toggle" title="Loop the selection, or all (L)" aria-label="Loop" aria-pressed=${looping} @click=${() => actions.toggleLoop()}>${icon(syncIcon)}</button>
    <span class="mono time" role="slider" aria-label="Position" aria-valuemin="0" aria-valuemax=${length} aria-valuenow=${position} aria-valuetext=${spokenTime(position)}><b class="position">${formatTime(position)}</b> <span class="dim">/ ${formatTime(length)}</span></span>
    ${frame ? html`<span class="facts mono"><span class="dim">frame</span> <b class="index">${formatCount(frame.index + 1)}</b> <span class="dim">of ${formatCount(frame.count)} PTS</span> ${frame.pts}<span class="dim">×1/${frame.ticks}</span><span class="dts"> ${dts(state)}</span> ${frame.isKey ? html`<span class="tag">key frame</span>` : nothing}</span>` : nothing}
    <span class="space"></span>
    ${fileChange === 'gone' ? html`<span class="warning said" role="status">${icon(warningIcon, 'warning')} the file is gone</span>` : nothing}
    ${speedSelect(speed, (value) => actions.setSpeed(value))}
    ${silentBecause === undefined ? volumeControl(state, actions) : html`<span class="dim silent" title=${silentBecause}>no sound</span>`}
  </footer>`;
}

function dts({ frame, dtsNote }: VideoState): TemplateResult {
  return html`<span class="dim">DTS</span> ${frame === undefined || Number.isNaN(frame.dts) ? html`<span class="unknown" title=${dtsNote ?? ''}>not told</span>` : frame.dts}`;
}

function barsHead(state: VideoState): TemplateResult {
  const { bars, packetProblem, frame } = state;
  return html`<div class="head">
    ${bars && frame
      ? html`<span>Frames ${formatCount(bars.first + 1)} – ${formatCount(bars.last)}</span><span class="key"><i class="intra"></i> key</span><span class="key"><i class="inter"></i> other</span><span class="dts mono">${dts(state)}</span><span class="space"></span
          ><span class="dim">bar height is packet size · largest ${formatBytes(bars.largest)}</span>`
      : html`<span class="unknown" role="status">${packetProblem ?? 'reading the packets…'}</span>`}
  </div>`;
}

function inspector({ pictureWords, soundWords, silentBecause, pictureProblem, packetProblem, length }: VideoState, facts: VideoFacts): TemplateResult {
  return html`${facts.problems.length > 0 ? html`<section>${facts.problems.map((problem) => note(problem, true))}</section>` : nothing}
    <section aria-label="Playback">
      <header><h2>Playback</h2></header>
      ${pictureWords ? note(pictureWords, false) : pictureProblem ? note(`No picture: ${pictureProblem}.`, true) : html`<p class="unknown">looking for a decoder…</p>`}
      ${soundWords ? note(`Sound: ${soundWords}`, false) : silentBecause ? note(`No sound: ${silentBecause}`, true) : nothing}
      ${packetProblem ? note(packetProblem, true) : nothing}
    </section>
    ${facts.streams.map(streamSection)} ${facts.streamsNote ? html`<section><p class="unknown">${facts.streamsNote}</p></section>` : nothing}
    <section aria-label="File">
      <header><h2>File</h2></header>
      <dl>
        ${fact('Size', html`<span title=${formatExactBytes(facts.size)}>${formatBytes(facts.size)}</span>`)} ${fact('Container', facts.container)}
        ${fact('Duration', isAbsent(facts.duration) ? facts.duration : `${facts.duration.toFixed(3)} s`)} ${fact('Begins', facts.start === 0 ? '0 s' : `${facts.start.toFixed(3)} s`)}
        ${fact('Sound', Math.abs(facts.soundAfter) < 0.0005 ? 'with the pictures' : `${facts.soundAfter > 0 ? '+' : '−'}${Math.round(Math.abs(facts.soundAfter) * 1000)} ms`)}
        ${fact('Shown', `${facts.shownWidth}×${facts.shownHeight}`)} ${fact('Rotation', facts.rotation === 0 ? '0°' : `${facts.rotation}°, applied`)}
        ${fact('Mean rate', isAbsent(facts.duration) || length <= 0 ? '–' : `${((facts.size * 8) / length / 1e6).toFixed(2)} Mbit/s`)}
        ${fact('Changed', formatWhen(facts.modified, Date.now()))}
      </dl>
    </section>`;
}

function streamSection({ index, kind, codec, facts }: StreamFacts): TemplateResult {
  return html`<section aria-label="Stream ${index}">
    <header><h2>${index} ${kind.charAt(0).toUpperCase()}${kind.slice(1)}</h2><span class="dim">${codec}</span></header>
    <dl>${facts.map(([name, value]) => fact(name, value))}</dl>
  </section>`;
}

function label({ facts, length }: VideoState): string {
  return facts === undefined ? 'No film' : `${facts.name}, ${facts.width} by ${facts.height}, ${spokenTime(length)}. Space plays, comma and full stop step by a frame, arrows move.`;
}
