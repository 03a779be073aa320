import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount } from '../../../base/format.ts';
import { icon } from '../../../webview/icon.ts';
import { warningIcon } from '../../../webview/icons.ts';
import type { MessageView, TimelineView, TopicRow } from './protocol.ts';
import { clockText, dateText, lengthText } from './times.ts';

export interface MessagePaneState {
  readonly topic: TopicRow | undefined;
  readonly timeline: TimelineView | undefined;
  readonly message: MessageView | undefined;
  /** Nanoseconds. */
  readonly cursor: number;
  readonly start: string;
}

export interface MessageEvents {
  previous(): void;
  next(): void;
  nextGap(): void;
}

export function messagePane({ topic, timeline, message, cursor, start }: MessagePaneState, events: MessageEvents): TemplateResult {
  if (topic === undefined) {
    return html`<section><p class="dim">Choose a topic to read its messages.</p></section>`;
  }
  return html`<section>
      <h2>Message at cursor <span class="dim mono">${topic.name}</span></h2>
      ${message === undefined ? html`<p class="unknown">not read</p>` : ageNote(message, timeline, cursor)}
      ${message?.problem === undefined ? nothing : html`<div class="note">${icon(warningIcon, 'warning')}<span class="words">${message.problem}</span></div>`}
      ${message?.time === undefined
        ? nothing
        : html`<p class="dim number stamp">${clockText(message.time, 6)}${message.published === undefined || message.published === message.time ? '' : ` · sent ${lengthText(Math.abs(message.time - message.published))} ${message.published < message.time ? 'before' : 'after'}`} · ${formatCount(message.bytes)} bytes</p>
            ${dateText(start, message.time) === undefined ? nothing : html`<p class="dim number stamp">${dateText(start, message.time)}</p>`}`}
      <div class="message" role="list" aria-label="Message">
        ${message?.nodes.map(({ depth, name, value, kind }) => html`<div class="node" role="listitem" .style=${`--depth:${depth}`}><span class="key">${name}</span><span class="value ${kind}">${value}</span></div>`)}
      </div>
    </section>
    <section>
      <h2>Step</h2>
      <div class="buttons">
        <button class="button small" title="Previous message (,)" @click=${() => events.previous()}>Previous</button>
        <button class="button small" title="Next message (.)" @click=${() => events.next()}>Next</button>
        <button class="button small" title="Next gap (G)" ?disabled=${timeline === undefined || timeline.gaps.length === 0} @click=${() => events.nextGap()}>Next gap</button>
      </div>
    </section>`;
}

function ageNote({ time, next }: MessageView, timeline: TimelineView | undefined, cursor: number): TemplateResult | typeof nothing {
  const age = time === undefined ? Infinity : cursor - time;
  if (time === undefined && next === undefined) {
    return html`<p class="unknown">no messages</p>`;
  }
  if (age <= (timeline?.median ?? Infinity) * 3) {
    return nothing;
  }
  const last = time === undefined ? '' : ` The last one is ${lengthText(age)} old${next === undefined ? ', and no other comes.' : `, the next comes in ${lengthText(next - cursor)}.`}`;
  return html`<div class="note">${icon(warningIcon, 'warning')}<span class="words">None at ${clockText(cursor)}.${time === undefined && next !== undefined ? ` The first one comes in ${lengthText(next - cursor)}.` : last}</span></div>`;
}
