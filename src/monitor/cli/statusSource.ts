import { isAbsent } from '../../base/absent.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/emitter.ts';
import type { Box } from '../boxes/box.ts';
import type { SocketClient } from '../collect/client.ts';
import type { ThisMachine } from '../collect/thisMachine.ts';
import type { SampleWish } from '../collectorClient.ts';
import type { SystemSample } from '../systemSample.ts';
import type { Viewer } from '../view/viewer.ts';

export interface StatusSample {
  readonly sample: SystemSample;
  /** Every driver has answered, or said why it does not. */
  readonly whole: boolean;
  /** Who we are on that machine; left out on this one. */
  readonly viewer?: Viewer;
}

export interface StatusSource extends Disposable {
  readonly onSample: Event<StatusSample>;
  /** Another machine cannot be read, and why; it is tried again all the same. */
  readonly onFailure?: Event<string>;
}

export interface StatusServices {
  /** A client of the collector of VS Code's windows, which may not be there. */
  readonly attach: () => Pick<SocketClient, 'onSample' | 'onDidChangeState' | 'wish' | 'isThere' | 'ask' | 'box' | 'dispose'>;
  /** The means to read the machine by ourselves. */
  readonly readHere: () => ThisMachine;
  /** Another machine, by a name that ssh knows. */
  readonly readBox: (alias: string, interval: number) => Promise<Box>;
}

/** Milliseconds after the first values in which a driver has mostly told as well which processes use it. */
const USES_WITHIN = 3000;
/** Milliseconds that a collector may be silent before we read by ourselves. */
const PATIENCE = 2000;

/** Samples of the collector of VS Code's windows where one answers, which costs the machine nothing more; else of our own. */
export function openStatusSource({ attach, readHere }: Pick<StatusServices, 'attach' | 'readHere'>, wish: SampleWish): StatusSource {
  const sampled = new Emitter<StatusSample>();
  const client = attach();
  let machine: ThisMachine | undefined;
  let disposed = false;
  let settledAt: number | undefined;
  let late = setTimeout(goOnHere, PATIENCE);

  client.onSample((sample) => {
    if (machine === undefined && !disposed) {
      clearTimeout(late);
      late = setTimeout(goOnHere, PATIENCE + 2 * wish.interval);
      tell(sample, sample.gpus.every(({ state }) => state.kind !== 'starting'));
    }
  });
  client.onDidChangeState(({ kind }) => kind === 'stopped' && goOnHere());
  client.wish(wish);

  function tell(sample: SystemSample, isSettled: boolean): void {
    settledAt ??= isSettled ? sample.time : undefined;
    const isToldOfUses = sample.gpus.every(({ state, uses }) => state.kind !== 'answering' || !isAbsent(uses));
    sampled.fire({ sample, whole: isSettled && (isToldOfUses || sample.time - (settledAt ?? sample.time) >= USES_WITHIN) });
  }

  function goOnHere(): void {
    clearTimeout(late);
    if (machine !== undefined || disposed) {
      return;
    }
    client.dispose();
    machine = readHere();
    const { collector } = machine;
    collector.onSample((sample) => tell(sample, collector.isSettled));
    collector.setInterval(wish.interval);
  }

  return {
    onSample: sampled.event,
    dispose() {
      disposed = true;
      clearTimeout(late);
      client.dispose();
      machine?.dispose();
      sampled.dispose();
    },
  };
}
