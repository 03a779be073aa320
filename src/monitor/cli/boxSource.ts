import { printable } from '../../base/printable.ts';
import { shellLine } from '../../base/shellWords.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/emitter.ts';
import type { Box } from '../boxes/box.ts';
import type { BoxState } from '../boxes/boxState.ts';
import type { SampleWish } from '../collectorClient.ts';
import type { SystemSample } from '../systemSample.ts';
import type { StatusSample, StatusServices, StatusSource } from './statusSource.ts';

/** Milliseconds after the first sample in which a driver has mostly told which processes use it. */
const USES_WITHIN = 3000;
/** Milliseconds in which a collector that is there says that it is, and what it reads. */
const ANSWERS_WITHIN = 1000;
/** Milliseconds for which a collector may tell nothing of a box that it reads before we read it ourselves. */
const PATIENCE = 10_000;

/** What both have who read a box: we ourselves, and the collector of VS Code's windows. */
interface Reading extends Disposable {
  readonly onSample: Event<SystemSample>;
  /** Who we are there; undefined where it is not known yet. */
  readonly uid: () => number | undefined;
  readonly onDidChangeState: Event<BoxState>;
}

/** Samples of another machine: of the collector of VS Code's windows where that reads it already; else over an ssh of our own. */
export async function openBoxSource({ attach, readBox }: Pick<StatusServices, 'attach' | 'readBox'>, alias: string, wish: SampleWish): Promise<StatusSource> {
  const sampled = new Emitter<StatusSample>();
  const failed = new Emitter<string>();
  const readHere = async (): Promise<Reading> => ownReading(await readBox(alias, wish.interval));
  let disposed = false;
  let listening: readonly Disposable[] = [];
  let late: NodeJS.Timeout | undefined;

  function listenTo(reading: Reading, onLate?: () => void): void {
    let first: number | undefined;
    const wait = (): void => {
      clearTimeout(late);
      late = onLate && setTimeout(onLate, PATIENCE);
    };
    wait();
    listening = [
      reading.onSample((sample) => {
        wait();
        // Rates are reckoned from one sample to the next.
        const isFirst = first === undefined;
        first ??= sample.time;
        const answered = sample.gpus.every(({ state }) => state.kind !== 'starting');
        const whole = !isFirst && ((answered && sample.gpus.length > 0) || sample.time - first >= USES_WITHIN);
        sampled.fire({ sample, whole, viewer: { uid: reading.uid() ?? -1, folders: [] } });
      }),
      reading.onDidChangeState((state) => {
        const words = troubleOf(alias, state);
        if (words !== undefined) {
          failed.fire(words);
        }
      }),
      reading,
    ];
  }

  async function goOnHere(): Promise<void> {
    listening.forEach((one) => one.dispose());
    const reading = await readHere();
    if (disposed) {
      reading.dispose();
    } else {
      listenTo(reading);
    }
  }

  const theirs = await readingOfCollector(attach(), alias, wish);
  if (theirs === undefined) {
    listenTo(await readHere());
  } else {
    listenTo(theirs, () => void goOnHere().catch((error: unknown) => failed.fire(error instanceof Error ? error.message : String(error))));
  }
  return {
    onSample: sampled.event,
    onFailure: failed.event,
    dispose() {
      disposed = true;
      clearTimeout(late);
      listening.forEach((one) => one.dispose());
      sampled.dispose();
      failed.dispose();
    },
  };
}

function ownReading(box: Box): Reading {
  return { onSample: box.onSample, onDidChangeState: box.onDidChangeState, uid: () => box.uid, dispose: () => box.dispose() };
}

/** undefined where no collector is there that reads this box; none is asked to begin, as our own way in may be another. */
async function readingOfCollector(client: ReturnType<StatusServices['attach']>, alias: string, wish: SampleWish): Promise<Reading | undefined> {
  const isThere = await client.isThere(ANSWERS_WITHIN);
  const names = isThere ? await namesWithin(client, ANSWERS_WITHIN) : undefined;
  if (!Array.isArray(names) || !names.includes(alias)) {
    client.dispose();
    return undefined;
  }
  const box = client.box(alias);
  const states = new Emitter<BoxState>();
  box.onDidReport(({ state }) => states.fire(state));
  box.wish(wish);
  return {
    onSample: box.onSample,
    onDidChangeState: states.event,
    uid: () => box.report.uid,
    dispose() {
      client.dispose();
      states.dispose();
    },
  };
}

/** One of an earlier version does not know the question. */
function namesWithin(client: ReturnType<StatusServices['attach']>, milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, milliseconds);
    void client
      .ask({ what: 'boxes' })
      .catch(() => undefined)
      .then(resolve)
      .finally(() => clearTimeout(late));
  });
}

function troubleOf(alias: string, state: BoxState): string | undefined {
  const name = printable(alias);
  switch (state.kind) {
    case 'connecting':
    case 'live':
      return undefined;
    case 'stale':
      return `${name}: the link is cut, and is tried again`;
    case 'signIn':
      return `${name}: sign in first: ${printable(shellLine(state.command))} (${printable(state.said)})`;
    case 'unreachable':
      return `${name} does not answer: ${printable(state.said)}`;
    case 'noShell':
      return `${name} has no shell that can be read from: ${printable(state.said)}`;
  }
}
