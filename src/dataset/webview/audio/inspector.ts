import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isAbsent } from '../../../base/absent.ts';
import type { Measured } from '../../../base/absent.ts';
import { formatBytes, formatCount, formatCountOf, formatExactBytes, formatPercent, formatWhen } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { infoIcon, warningIcon } from '../../../webview/icons.ts';
import { channelName } from './lanes.ts';
import type { AudioFacts, AudioMark, AudioProgress } from './protocol.ts';
import type { SoundFeed } from './soundFeed.ts';
import { formatTime } from './time.ts';

export interface AudioInspectorState {
  readonly facts: AudioFacts;
  readonly progress: AudioProgress | undefined;
  readonly feed: SoundFeed | undefined;
  readonly soundProblem: string | undefined;
  readonly mark: AudioMark | undefined;
}

const MOST_ROWS = 200;

export function inspector(state: AudioInspectorState, onMark: (mark: AudioMark) => void): TemplateResult {
  const { facts, progress } = state;
  return html`${facts.problems.length > 0 ? html`<section>${facts.problems.map((problem) => note(problem, true))}</section>` : nothing}
  ${loudnessSection(state)} ${marksSection('clipping', state, onMark)} ${marksSection('silence', state, onMark)} ${playbackSection(state)}
  <section aria-label="File">
    <header><h2>File</h2></header>
    <dl>
      ${fact('Size', html`<span title=${formatExactBytes(facts.size)}>${formatBytes(facts.size)}</span>`)} ${fact('Container', facts.container)} ${fact('Codec', facts.codec)}
      ${fact('Rate', `${formatCount(facts.sampleRate)} Hz`)} ${fact('Bits', facts.bitDepth)}
      ${fact('Channels', `${facts.channels}${{ 1: ' · mono', 2: ' · stereo' }[facts.channels] ?? ''}`)}
      ${fact('Samples', `${facts.framesAreExact || progress?.analysis ? '' : '~'}${formatCount(progress?.analysis?.frames ?? facts.frames)}`)}
      ${fact('Changed', formatWhen(facts.modified, Date.now()))}
    </dl>
  </section>`;
}

function loudnessSection({ facts, progress }: AudioInspectorState): TemplateResult {
  const found = progress?.analysis;
  const part = progress === undefined || found ? undefined : progress.problem === undefined ? `${formatPercent(progress.done)} read` : undefined;
  const peaks = (title: string, values: readonly Measured<number>[], unit: string, limit: number) =>
    shownPeaks(values).map(({ value, channel }) => fact(`${title} ${channelName(channel, facts.channels)}`, measured(value, (number) => html`<span class=${number > limit ? 'error' : ''}>${signed(number)} ${unit}</span>`)));
  return html`<section aria-label="Loudness">
    <header><h2>Loudness</h2><span class="dim">${part ?? (found ? 'whole file' : '')}</span></header>
    ${found
      ? html`<dl>
          ${fact('Integrated', measured(found.integrated, (value) => html`${signed(value)} LUFS`))} ${fact('Range', measured(found.range, (value) => html`${value.toFixed(1)} LU`))}
          ${peaks('True peak', found.truePeak, 'dBTP', 0)} ${peaks('Peak', found.peak, 'dBFS', 1e-9)}
          ${fact('DC offset', found.offset.slice(0, 4).map((value) => (Math.abs(value) < 5e-4 ? 0 : value).toFixed(3).replace('-', '−')).join(' / '))}
          ${fact('Silence', found.silences === 0 ? 'none' : `${found.silent.toFixed(1)} s · ${formatPercent(found.silent / (found.frames / facts.sampleRate))}`)}
        </dl>`
      : html`<p class="unknown" role="status">${progress?.problem === undefined ? 'not read yet' : `not read: ${progress.problem}`}</p>`}
  </section>`;
}

function marksSection(kind: AudioMark['kind'], { facts, progress, mark }: AudioInspectorState, onMark: (mark: AudioMark) => void): TemplateResult | typeof nothing {
  const found = progress?.analysis;
  const marks = found?.marks.filter((candidate) => candidate.kind === kind) ?? [];
  if (found === undefined || marks.length === 0) {
    return found === undefined || kind === 'silence' ? nothing : html`<section><header><h2>Clipping</h2><span class="dim">none</span></header></section>`;
  }
  const channels = new Set(marks.map(({ channel }) => channel));
  const [only] = channels;
  const where = kind === 'clipping' && facts.channels > 1 && channels.size === 1 && only !== undefined ? `${channelName(only, facts.channels)} only` : formatCountOf(kind === 'clipping' ? found.clippings : found.silences, 'run');
  return html`<section aria-label=${kind === 'clipping' ? 'Clipping' : 'Silence'}>
    <header><h2>${kind === 'clipping' ? 'Clipping' : 'Silence'}</h2><span class="dim">${where}</span></header>
    <ul class="marks">
      ${marks.slice(0, MOST_ROWS).map(
        (candidate) => html`<li>
          <button class="mark ${kind}" aria-pressed=${candidate === mark} @click=${() => onMark(candidate)}>
            <i></i><span class="number">${formatTime(candidate.from / facts.sampleRate)}</span>
            ${kind === 'clipping' && channels.size > 1 ? html`<span class="dim">${channelName(candidate.channel ?? 0, facts.channels)}</span>` : nothing}
            <span class="dim number">${kind === 'clipping' ? formatCountOf(candidate.samples, 'sample') : `${(candidate.samples / facts.sampleRate).toFixed(2)} s`}</span>
          </button>
        </li>`,
      )}
    </ul>
    ${marks.length > MOST_ROWS ? html`<p class="dim">and ${formatCount((kind === 'clipping' ? found.clippings : found.silences) - MOST_ROWS)} more</p>` : nothing}
    <p class="hint dim">${kind === 'clipping' ? 'Counted at ≥ 0.999 of full scale, runs of 3 or more, within 50 ms joined.' : 'All channels below −60 dBFS for half a second or longer.'}</p>
  </section>`;
}

function playbackSection({ feed, soundProblem }: AudioInspectorState): TemplateResult {
  return html`<section aria-label="Playback">
    <header><h2>Playback</h2></header>
    ${soundProblem !== undefined ? note(`No sound: ${soundProblem}.`, true) : feed ? note(feed.words, false) : html`<p class="unknown">looking for a decoder…</p>`}
  </section>`;
}

export function note(words: string, isWarning: boolean): TemplateResult {
  return html`<div class="note ${isWarning ? 'warn' : ''}">${icon(isWarning ? warningIcon : infoIcon, isWarning ? 'warning' : '')}<span class="words">${words}</span></div>`;
}

export function fact(name: string, value: Measured<string | number> | TemplateResult): TemplateResult {
  return html`<dt>${name}</dt><dd class="number">${isAbsent(value) ? html`<span class="unknown">${value.absent}</span>` : value}</dd>`;
}

function measured(value: Measured<number>, words: (value: number) => TemplateResult): TemplateResult {
  return isAbsent(value) ? html`<span class="unknown">${value.absent}</span>` : words(value);
}

/** Each of two channels, and of more the highest. */
function shownPeaks(values: readonly Measured<number>[]): readonly { readonly value: Measured<number>; readonly channel: number }[] {
  const all = values.map((value, channel) => ({ value, channel }));
  const height = ({ value }: { readonly value: Measured<number> }) => (isAbsent(value) ? -Infinity : value);
  return all.length <= 2 ? all : [all.reduce((highest, next) => (height(next) > height(highest) ? next : highest))];
}

/** One digit and a sign, with a real minus. */
function signed(value: number): string {
  return `${value > 0.04 ? '+' : ''}${value.toFixed(1)}`.replace('-', '−');
}
