import * as v from 'valibot';
import { ReplyError } from '../../base/replyError.ts';
import { systemTimers } from '../../process/timers.ts';
import type { CheckpointSource, Tensor } from '../checkpoint.ts';
import type { CreateService } from '../services.ts';
import type { ChangeView, ValuesView, WorkView } from '../webview/checkpoint/protocol.ts';
import type { CheckpointApi, CheckpointEvents } from './checkpointApi.ts';
import { comparisonOf, valuesViewOf, viewOf } from './checkpointViews.ts';
import { inspectCheckpoint } from './inspectCheckpoint.ts';
import type { InspectedCheckpoint } from './inspectCheckpoint.ts';
import { createCheckpointPlaces } from './sources/openPlace.ts';
import { changeOf, isReadable, startsOf, statisticsOf } from './tensorValues.ts';

const PLACE = v.strictObject({ place: v.pipe(v.string(), v.minLength(1), v.maxLength(8192)) });
const NAMES = v.strictObject({ names: v.optional(v.array(v.string())) });
const BY = v.strictObject({ by: v.picklist(['values', 'hashes']) });
/** Milliseconds between two tellings of work that goes on. */
const TELL = 100;
/** Tensors whose hashes are asked for at once. */
const HASHED = 16;

interface Opened extends InspectedCheckpoint {
  readonly source: CheckpointSource;
}

/** Serves one checkpoint, and another that it is compared with, to one page. */
export const createCheckpointService: CreateService<CheckpointApi, CheckpointEvents> = ({ env, never, sshConfig }, window) => {
  const places = createCheckpointPlaces({ env, never, timers: systemTimers, ...(sshConfig !== undefined && { config: sshConfig }) }, '/');
  let here: Opened | undefined;
  let there: Opened | undefined;
  let work = new AbortController();

  async function open(place: string, signal: AbortSignal): Promise<Opened> {
    const source = await places.open(place, signal);
    return { source, ...(await inspectCheckpoint(source, signal)) };
  }
  function opened(): Opened {
    if (here === undefined) {
      throw new ReplyError('failed', 'No checkpoint is open.');
    }
    return here;
  }

  /** Begins work on tensors in place of what goes on, of which nothing more is told; each that is done is told of soon after. */
  function begin<T>(kind: WorkView['kind'], total: number, run: (teller: Teller<T>, signal: AbortSignal) => Promise<void>, tell: (done: readonly T[]) => void): void {
    work.abort();
    const own = new AbortController();
    work = own;
    const teller = new Teller<T>((done, bytes) => {
      if (own.signal.aborted) {
        return;
      }
      if (done.length > 0) {
        tell(done);
      }
      window.tell('work', { kind, bytes, total, running: true });
    });
    const end = (said?: string) => {
      teller.flush();
      if (work === own) {
        window.tell('work', { kind, bytes: teller.bytes, total, running: false, ...(said !== undefined && { said }) });
      }
    };
    // Of a box, or of large tensors, the first bytes may take a while.
    teller.flush();
    run(teller, own.signal).then(
      () => end(),
      (error: unknown) => end(own.signal.aborted ? undefined : error instanceof Error ? error.message : String(error)),
    );
  }

  return {
    handlers: {
      async open(params, signal) {
        work.abort();
        [here, there] = [await open(v.parse(PLACE, params).place, signal), undefined];
        return viewOf(here);
      },
      async compare(params, signal) {
        work.abort();
        there = await open(v.parse(PLACE, params).place, signal);
        return comparisonOf(opened(), there);
      },
      checkValues(params) {
        const { source, inspection } = opened();
        const { names } = v.parse(NAMES, params);
        const wanted = names && new Set(names);
        const tensors = inspection.tensors.filter((tensor) => isReadable(tensor) && (wanted?.has(tensor.name) ?? true));
        begin<ValuesView>('values', bytesOf(tensors), async (teller, signal) => {
          for (const tensor of tensors) {
            teller.done(valuesViewOf(tensor.name, await statisticsOf(source, tensor, (bytes) => teller.add(bytes), signal)));
          }
        }, (views) => window.tell('values', views));
      },
      compareValues(params) {
        const one = opened();
        const other = there;
        if (other === undefined) {
          throw new ReplyError('failed', 'No other checkpoint is open.');
        }
        const byHash = v.parse(BY, params).by === 'hashes';
        const pairs = pairsOf(one, other, byHash);
        const total = bytesOf(pairs.map(([tensor]) => tensor));
        const tell = (views: readonly ChangeView[]) => window.tell('changes', views);
        if (byHash) {
          begin<ChangeView>('bytes', total, (teller, signal) => hashPairs(one.source, other.source, pairs, teller, signal), tell);
        } else {
          begin<ChangeView>('change', total, async (teller, signal) => {
            for (const [tensor, match] of pairs) {
              const { difference, norm, same } = await changeOf(one.source, tensor, other.source, match, (bytes) => teller.add(bytes), signal);
              teller.done({ name: tensor.name, by: 'values', same, ...(Number.isFinite(difference) && { difference, norm }) });
            }
          }, tell);
        }
      },
      stop: () => work.abort(),
    },
    dispose() {
      work.abort();
      places.dispose();
    },
  };
};

type Pair = readonly [Tensor, Tensor];

function pairsOf(here: Opened, there: Opened, byHash: boolean): readonly Pair[] {
  const others = new Map(there.inspection.tensors.map((tensor) => [tensor.name, tensor]));
  return here.inspection.tensors.flatMap((tensor): readonly Pair[] => {
    const other = others.get(tensor.name);
    if (other === undefined || String(other.shape) !== String(tensor.shape)) {
      return [];
    }
    const fits = byHash ? tensor.place !== undefined && other.place?.length === tensor.place.length && tensor.dtype === other.dtype : isReadable(tensor) && isReadable(other);
    return fits ? [[tensor, other]] : [];
  });
}

/** Hashes are made where the bytes are: of a box nothing but them crosses the link. */
async function hashPairs(here: CheckpointSource, there: CheckpointSource, pairs: readonly Pair[], teller: Teller<ChangeView>, signal: AbortSignal): Promise<void> {
  const digests = async (source: CheckpointSource, tensors: readonly Tensor[]) => {
    const places = tensors.flatMap(({ place }) => place ?? []);
    const starts = await startsOf(source, places, signal);
    return source.digest(places.map(({ file, length }, index) => ({ file, offset: starts[index] ?? 0, length })), signal);
  };
  for (let at = 0; at < pairs.length; at += HASHED) {
    const batch = pairs.slice(at, at + HASHED);
    const [ours, theirs] = await Promise.all([digests(here, batch.map(([tensor]) => tensor)), digests(there, batch.map(([, other]) => other))]);
    batch.forEach(([tensor], index) => {
      const same = ours[index] !== '' && ours[index] === theirs[index];
      // By how much others differ, nobody has looked.
      teller.done({ name: tensor.name, by: 'hashes', same, ...(same && { difference: 0, norm: 1 }) });
      teller.add(tensor.place?.length ?? 0);
    });
  }
}

function bytesOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, { place }) => sum + (place?.length ?? 0), 0);
}

/** Tells of what is done now and then. */
class Teller<T> {
  bytes = 0;
  private waiting: T[] = [];
  private last = 0;

  constructor(private readonly tell: (done: readonly T[], bytes: number) => void) {}

  done(result: T): void {
    this.waiting.push(result);
  }

  add(bytes: number): void {
    this.bytes += bytes;
    if (performance.now() - this.last >= TELL) {
      this.flush();
    }
  }

  flush(): void {
    this.last = performance.now();
    const { waiting } = this;
    this.waiting = [];
    this.tell(waiting, this.bytes);
  }
}
