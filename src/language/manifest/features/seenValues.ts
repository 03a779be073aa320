import type { ManifestModel } from '../manifestModel.ts';

/** Rows that are looked into. */
const SAMPLE = 3000;
/** Different values of a key beyond which it is no list of names. */
const MOST_VALUES = 400;
const MAX_LENGTH = 80;

interface Seen {
  readonly keys: ReadonlyMap<string, number>;
  readonly values: ReadonlyMap<string, ReadonlyMap<string | number | boolean, number>>;
}

/** Keys and values that the rows of a manifest have, gathered from a sample and kept until `forget`. */
export class SeenValues {
  private bySection: ReadonlyMap<string, Seen> | undefined;

  constructor(private readonly model: ManifestModel) {}

  forget(): void {
    this.bySection = undefined;
  }

  /** The usual ones first. */
  keys(section: string): readonly string[] {
    return [...(this.seen().get(section)?.keys ?? [])].filter(([, count]) => count > 1).sort((a, b) => b[1] - a[1]).map(([key]) => key);
  }

  /** Values that were met more than once under a key, the usual ones first. */
  values(section: string, key: string): readonly { readonly value: string | number | boolean; readonly count: number }[] {
    const values = this.seen().get(section)?.values.get(key);
    return values === undefined || values.size > MOST_VALUES ? [] : [...values].sort((a, b) => b[1] - a[1]).map(([value, count]) => ({ value, count }));
  }

  private seen(): ReadonlyMap<string, Seen> {
    return (this.bySection ??= this.gather());
  }

  private gather(): ReadonlyMap<string, Seen> {
    const { model } = this;
    const sections = new Map<string, { keys: Map<string, number>; values: Map<string, Map<string | number | boolean, number>> }>();
    const step = Math.max(1, Math.floor(model.count / SAMPLE));
    for (let row = 0; row < model.count; row += step) {
      const { value } = model.parsed(row);
      if (value === undefined) {
        continue;
      }
      const section = model.sectionOf(row);
      const seen = sections.get(section) ?? { keys: new Map(), values: new Map() };
      sections.set(section, seen);
      take(value, seen);
    }
    return sections;
  }
}

function take(value: Readonly<Record<string, unknown>>, seen: { readonly keys: Map<string, number>; readonly values: Map<string, Map<string | number | boolean, number>> }): void {
  for (const [key, cell] of Object.entries(value)) {
    seen.keys.set(key, (seen.keys.get(key) ?? 0) + 1);
    if ((typeof cell === 'string' && cell.length <= MAX_LENGTH && cell !== '') || typeof cell === 'number' || typeof cell === 'boolean') {
      const values = seen.values.get(key) ?? new Map<string | number | boolean, number>();
      seen.values.set(key, values);
      if (values.size <= MOST_VALUES) {
        values.set(cell, (values.get(cell) ?? 0) + 1);
      }
    }
  }
}
