import { FIRST_REASON, NOT_THERE } from './columns.ts';
import { decodeBlock, type DecodedThing } from './decodeBlock.ts';
import { HistoryError } from './historyError.ts';
import { KINDS, type Fact } from './kinds.ts';
import type { SqliteRow, SqliteValue } from '../../base/sqlite.ts';
import { Thing, type Reasons, type Things } from './thing.ts';

/** A sample that was stored. Its things say what they said then as they are gone through, and not longer. */
export interface StoredMoment {
  readonly time: number;
  readonly things: Iterable<Thing>;
}

/** The samples of blocks as their writer had them. A block that is damaged is left out. */
export function storedMoments(
  blocks: readonly SqliteRow[],
  rowOf: (id: number) => SqliteRow | undefined,
  known: Things,
  reasons: Reasons,
): readonly StoredMoment[] {
  const made = new Map<number, Thing | undefined>();
  const thingOf = (decoded: DecodedThing): Thing | undefined => {
    if (!made.has(decoded.id)) {
      const thing = storedThing(decoded, rowOf(decoded.id));
      made.set(decoded.id, thing);
      if (thing !== undefined) {
        known.put(thing);
      }
    }
    return made.get(decoded.id);
  };
  return blocks.flatMap(({ system, processes }) => {
    const parts = [decoded(system), decoded(processes)];
    return (parts[0]?.times ?? []).map((time, index) => ({
      time,
      things: {
        *[Symbol.iterator]() {
          for (const part of parts) {
            for (const each of part?.things ?? []) {
              const thing = each.column(0)?.presence[index] === NOT_THERE ? undefined : thingOf(each);
              if (thing !== undefined) {
                readAgain(thing, each, index, (number) => FIRST_REASON + reasons.number(part!.reasons[number - FIRST_REASON] ?? ''));
                thing.seen = time;
                yield thing;
              }
            }
          }
        },
      },
    }));
  });
}

function storedThing({ id, kind }: DecodedThing, row: SqliteRow | undefined): Thing | undefined {
  if (row === undefined) {
    return undefined;
  }
  const thing = new Thing(kind, KINDS.indexOf(kind), String(row['key']), JSON.parse(String(row['facts'])) as Fact[]);
  return Object.assign(thing, { id, storedLevel: Number(row['level']), storedLast: Number(row['last']) });
}

function readAgain(thing: Thing, stored: DecodedThing, index: number, reason: (number: number) => number): void {
  for (let field = 0; field < thing.presence.length; field++) {
    const column = stored.column(field);
    const presence = column?.presence[index] ?? NOT_THERE;
    thing.presence[field] = presence >= FIRST_REASON ? reason(presence) : presence === NOT_THERE ? reason(-1) : presence;
    thing.numbers[field] = column?.numbers[index] ?? 0;
  }
}

function decoded(part: SqliteValue | undefined): ReturnType<typeof decodeBlock> | undefined {
  try {
    return part instanceof Uint8Array ? decodeBlock(part) : undefined;
  } catch (error) {
    if (HistoryError.is(error, 'damaged')) {
      return undefined;
    }
    throw error;
  }
}
