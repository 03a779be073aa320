import { html, nothing, svg } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { formatCount } from '../../../base/format.ts';
import type { TimelineView, TopicRow } from './protocol.ts';
import { clockText, lengthText, rateText } from './times.ts';

/** The type of topics whose pictures lie in a film of their own. */
const FILM = 'film';

export interface TopicEvents {
  choose(topic: TopicRow): void;
  show(topic: TopicRow, shown: boolean): void;
}

export interface TopicListState {
  readonly topics: readonly TopicRow[];
  readonly timelines: ReadonlyMap<number, TimelineView>;
  readonly duration: number;
  readonly chosen: number | undefined;
  readonly shown: ReadonlySet<number>;
}

export function topicList({ topics, timelines, duration, chosen, shown }: TopicListState, events: TopicEvents): TemplateResult {
  return html`<div class="columns" role="presentation"><span></span><span>Topic</span><span class="hz">Hz</span><span>Present</span><span>Gaps</span></div>
    ${topics.map((topic) => {
      const timeline = timelines.get(topic.id);
      return html`<div class="line ${topic.id === chosen ? 'chosen' : ''}" role="row" aria-level="1" aria-selected=${topic.id === chosen} title="${topic.name} · ${topic.type}" @click=${() => events.choose(topic)}>
        <span role="gridcell"
          ><input
            type="checkbox"
            tabindex="-1"
            aria-label="Draw ${topic.name}"
            .checked=${shown.has(topic.id)}
            @click=${(event: Event) => event.stopPropagation()}
            @change=${(event: Event) => events.show(topic, (event.target as HTMLInputElement).checked)}
        /></span>
        <span role="gridcell" class="name">${topic.name}</span>
        <span role="gridcell" class="hz number">${rateOf(topic, timeline, duration)}</span>
        <span role="gridcell">${timeline ? presence(timeline, duration) : html`<i class="blank"></i>`}</span>
        <span role="gridcell" class="gaps">${gapWords(topic, timeline)}</span>
      </div>`;
    })}`;
}

function rateOf({ count }: TopicRow, timeline: TimelineView | undefined, duration: number): string {
  if ((timeline?.count ?? count) === 0) {
    return '0';
  }
  if (timeline) {
    const span = timeline.last - timeline.first;
    return timeline.count === 1 ? 'once' : span > 0 ? rateText((timeline.count - 1) / (span / 1e9)) : '';
  }
  return count === undefined || duration === 0 ? '' : `~${rateText(count / (duration / 1e9))}`;
}

/** A part without messages is missing where it lies in a gap; between rare messages it is not. */
function presence({ presence: parts, gaps, count: all, first, last }: TimelineView, duration: number): TemplateResult {
  const part = Math.max(1, duration) / parts.length;
  const kind = (count: number, nth: number): string => {
    const [from, to] = [nth * part, (nth + 1) * part];
    const inGap = all === 0 || gaps.some((gap) => Math.min(gap.to, to) - Math.max(gap.from, from) > part / 4);
    return count === 0 && (inGap || to < first || from > last) ? 'missing' : inGap ? 'partly' : '';
  };
  return html`<svg class="presence" viewBox="0 0 ${parts.length} 10" preserveAspectRatio="none" aria-hidden="true">
    ${parts.map((count, nth) => svg`<rect class=${kind(count, nth)} x=${nth} width="1.02" height="10"></rect>`)}
  </svg>`;
}

function gapWords({ count, type }: TopicRow, timeline: TimelineView | undefined): TemplateResult | string {
  if (type === FILM) {
    return html`<span class="dim">film</span>`;
  }
  if ((timeline?.count ?? count) === 0) {
    return html`<span class="warning">silent</span>`;
  }
  if (timeline === undefined) {
    return html`<span class="unknown">not read</span>`;
  }
  if (timeline.outOfOrder > 0) {
    return html`<span class="warning">${formatCount(timeline.outOfOrder)} out of order</span>`;
  }
  const [first] = timeline.gaps;
  if (timeline.gapCount === 0 || first === undefined) {
    return html`<span class="dim">none</span>`;
  }
  return html`<span class="warning">${timeline.gapCount === 1 ? lengthText(first.to - first.from) : `${formatCount(timeline.gapCount)} gaps`}</span>`;
}

/** What is known of one topic. */
export function topicDetails(topic: TopicRow, timeline: TimelineView | undefined): TemplateResult {
  const largest = timeline?.gaps.reduce((one, other) => (other.to - other.from > one.to - one.from ? other : one), timeline.gaps[0] ?? { from: 0, to: 0 });
  const facts: readonly (readonly [string, unknown])[] = [
    ['Messages', timeline ? formatCount(timeline.count) : topic.count === undefined ? html`<span class="unknown">not stated in file</span>` : formatCount(topic.count)],
    ['Between them', timeline?.median === undefined ? html`<span class="unknown">${timeline ? 'fewer than two' : 'not read'}</span>` : `median ${lengthText(timeline.median)} · p99 ${lengthText(timeline.p99 ?? 0)}`],
    ['Largest gap', timeline === undefined ? html`<span class="unknown">not read</span>` : largest === undefined || largest.to === 0 ? 'none' : html`<span class="warning">${lengthText(largest.to - largest.from)} at ${clockText(largest.from)}</span>`],
    ['Out of order', timeline === undefined ? html`<span class="unknown">not read</span>` : timeline.outOfOrder === 0 ? 'none' : html`<span class="warning">${formatCount(timeline.outOfOrder)}</span>`],
    ['First, last', timeline === undefined || timeline.count === 0 ? nothing : `${clockText(timeline.first)}, ${clockText(timeline.last)}`],
    ['Schema', topic.encoding || html`<span class="unknown">no schema</span>`],
  ];
  return html`<section class="details">
    <h2><span class="mono">${topic.name}</span><span class="dim">${topic.type}</span></h2>
    <dl>${facts.map(([name, value]) => (value === nothing ? nothing : html`<dt>${name}</dt><dd class="number">${value}</dd>`))}</dl>
    ${timeline && timeline.median !== undefined ? intervals(timeline) : nothing}
  </section>`;
}

function intervals({ intervals: { width, counts }, median = 0 }: TimelineView): TemplateResult {
  const most = Math.log1p(Math.max(1, ...counts));
  return html`<p class="dim">Time between messages, on a log scale of counts</p>
    <svg class="intervals" viewBox="0 0 ${counts.length} 100" preserveAspectRatio="none" role="img" aria-label="Times between messages from 0 to ${lengthText(width * counts.length)}, most near ${lengthText(median)}">
      ${counts.map((count, nth) => {
        const height = count === 0 ? 0 : Math.max(3, (Math.log1p(count) / most) * 100);
        return svg`<rect x=${nth + 0.05} y=${100 - height} width="0.9" height=${height}><title>${lengthText(nth * width)} to ${lengthText((nth + 1) * width)}: ${formatCount(count)}</title></rect>`;
      })}
    </svg>
    <div class="ends number"><span>0</span><span>${lengthText(width * counts.length)}</span></div>`;
}
