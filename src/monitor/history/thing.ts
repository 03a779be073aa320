import { isAbsent } from '../../base/absent.ts';
import { FIRST_REASON, KNOWN } from './columns.ts';
import { KINDS, type Fact, type Kind } from './kinds.ts';
import { toSteps } from './units.ts';

/** One thing as long as its facts are the same, and what it said last. */
export class Thing {
  /** Row in the store; 0 until it is there. */
  id = 0;
  /** The coarsest level and the last time that the store knows of it. */
  storedLevel = -1;
  storedLast = 0;
  /** Time of the last sample that it was in. */
  seen = 0;
  readonly presence: Uint16Array;
  /** In steps of the field's unit. */
  readonly numbers: Float64Array;

  constructor(
    readonly kind: Kind<never>,
    readonly kindNumber: number,
    readonly key: string,
    readonly facts: readonly Fact[],
  ) {
    this.presence = new Uint16Array(kind.fields.length);
    this.numbers = new Float64Array(kind.fields.length);
  }

  read<T>(kind: Kind<T>, item: T, reasons: Reasons): void {
    const { fields } = kind;
    for (let index = 0; index < fields.length; index++) {
      const { of, unit } = fields[index]!;
      const value = of(item);
      if (isAbsent(value)) {
        this.presence[index] = FIRST_REASON + reasons.number(value.absent);
        continue;
      }
      const steps = toSteps(value, unit);
      if (steps === undefined) {
        this.presence[index] = FIRST_REASON + reasons.number('not a number that can be');
      } else {
        this.presence[index] = KNOWN;
        this.numbers[index] = steps;
      }
    }
  }
}

/** All things of one machine by kind and key. */
export class Things {
  private readonly byKind = new Map<Kind<never>, Map<string, Thing>>(KINDS.map((kind) => [kind, new Map<string, Thing>()]));

  /** The same one as before unless its facts have changed. */
  get<T>(kind: Kind<T>, key: string, item: T): Thing {
    const things = this.byKind.get(kind)!;
    const facts = kind.facts(item);
    const found = things.get(key);
    if (found !== undefined && sameFacts(found.facts, facts)) {
      return found;
    }
    const made = new Thing(kind, KINDS.indexOf(kind), key, facts);
    things.set(key, made);
    return made;
  }

  /** One that is in the store already. */
  put(thing: Thing): void {
    this.byKind.get(thing.kind)?.set(thing.key, thing);
  }

  /** Forgets those that were not seen since a time; who comes again is found in the store. */
  sweep(since: number): void {
    for (const things of this.byKind.values()) {
      for (const [key, thing] of things) {
        if (thing.seen < since) {
          things.delete(key);
        }
      }
    }
  }
}

function sameFacts(some: readonly Fact[], others: readonly Fact[]): boolean {
  for (let index = 0; index < some.length; index++) {
    const one = some[index]!;
    const other = others[index]!;
    if (one !== other && !sameFact(one, other)) {
      return false;
    }
  }
  return some.length === others.length;
}

function sameFact(one: Fact, other: Fact): boolean {
  if (isAbsent(one)) {
    return isAbsent(other) && one.absent === other.absent;
  }
  return Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((word, index) => word === other[index]);
}

const MAX_REASONS = 4000;
const OTHER = 'some other reason';

/** Numbers for why values are absent. */
export class Reasons {
  readonly texts: string[] = [OTHER];
  private readonly numbers = new Map<string, number>([[OTHER, 0]]);

  number(reason: string): number {
    const found = this.numbers.get(reason);
    if (found !== undefined || this.texts.length >= MAX_REASONS) {
      return found ?? 0;
    }
    this.numbers.set(reason, this.texts.length);
    return this.texts.push(reason) - 1;
  }
}
