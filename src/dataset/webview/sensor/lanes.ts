import type { FieldsView, SeriesView, TopicRow } from './protocol.ts';

/** A plot: some fields of a topic that belong together. */
export interface Lane {
  readonly key: string;
  readonly topic: TopicRow;
  /** `linear_acceleration`; of further lines of the same `position 7–12`. */
  readonly title: string;
  /** What the names of its lines begin with. */
  readonly stem: string;
  readonly fields: readonly string[];
  series?: SeriesView;
}

/** Lines of one plot, and plots of one topic. */
const MAX_LINES = 6;
const MAX_LANES = 8;
const STAMPS = /(^|\.)(stamp|header\.seq|seq|timestamp)$|covariance|(^|\.)(sec|nsec|nanosec)$/;

/** `position[0]` and `position[1]` go together, and `force.x` with `force.y`. */
export function lanesOf(topic: TopicRow, { fields }: FieldsView): readonly Lane[] {
  const groups = new Map<string, string[]>();
  for (const field of fields.filter((name) => !STAMPS.test(name))) {
    const group = field.replace(/(\.[^.[\]]+|\[\d+\])$/, '');
    const title = group === field ? field : group;
    const list = groups.get(title);
    if (list === undefined) {
      groups.set(title, [field]);
    } else {
      list.push(field);
    }
  }
  return [...groups]
    .flatMap(([stem, list]) =>
      Array.from({ length: Math.ceil(list.length / MAX_LINES) }, (_, part): Lane => {
        const lines = list.slice(part * MAX_LINES, (part + 1) * MAX_LINES);
        const title = part === 0 ? stem : `${stem} ${part * MAX_LINES + 1}–${part * MAX_LINES + lines.length}`;
        return { key: `${topic.id} ${title}`, topic, title, stem, fields: lines };
      }),
    )
    .slice(0, MAX_LANES);
}

/** What a line is called beside its plot: `x`, `[2]`. */
export function lineName(lane: Lane, field: string): string {
  return field.startsWith(lane.stem) && field !== lane.stem ? field.slice(lane.stem.length).replace(/^\./, '') : field;
}

/** The value of each line at a time, of the last message before it; undefined where the line is broken there. */
export function valuesAt({ series, fields }: Lane, time: number): readonly (number | undefined)[] {
  if (series === undefined) {
    return fields.map(() => undefined);
  }
  let low = 0;
  let high = series.times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((series.times[middle] ?? 0) <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return series.values.map((values) => {
    const value = values[low - 1];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  });
}
