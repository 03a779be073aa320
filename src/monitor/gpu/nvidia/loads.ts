import type { Measured } from '../../../base/absent.ts';
import type { Disposable } from '../../../base/disposable.ts';
import type { ToolStreams } from '../../../process/toolStreams.ts';
import { ProcessLoadReader } from './processLoad.ts';
import { useKey, type Utilizations } from './uses.ts';

const SECONDS = 4;
/** What was not told again for so long is of no process that still runs, milliseconds. */
const STALE = 3 * SECONDS * 1000;

/**
 * Keeps `nvidia-smi pmon` running while processes compute: nothing else tells how much of a GPU's time each of them takes. Where
 * the driver cannot (WSL, old cards), it ends at once and is left alone.
 */
export class LoadWatch implements Disposable {
  private readonly streams: ToolStreams;
  private readonly now: () => number;
  private readonly uuidOf: (index: number) => string | undefined;
  private stream: Disposable | undefined;
  private isUseless = false;
  private heard = false;
  private readonly loads = new Map<string, { readonly value: Measured<number>; readonly time: number }>();

  constructor(streams: ToolStreams, now: () => number, uuidOf: (index: number) => string | undefined) {
    this.streams = streams;
    this.now = now;
    this.uuidOf = uuidOf;
  }

  get utilizations(): Utilizations {
    const oldest = this.now() - STALE;
    const fresh = new Map<string, Measured<number>>();
    for (const [key, { value, time }] of this.loads) {
      if (time < oldest) {
        this.loads.delete(key);
      } else {
        fresh.set(key, value);
      }
    }
    return fresh;
  }

  run(): void {
    if (this.stream !== undefined || this.isUseless) {
      return;
    }
    const reader = new ProcessLoadReader();
    this.heard = false;
    this.stream = this.streams.open(
      { tool: 'nvidia-smi', args: ['pmon', '-s', 'u', '-d', String(SECONDS)], silence: 60_000 },
      {
        onLine: (line) => {
          const load = reader.read(line);
          const uuid = load && this.uuidOf(load.gpuIndex);
          if (load !== undefined && uuid !== undefined) {
            this.heard = true;
            this.loads.set(useKey(uuid, load.pid), { value: load.utilization, time: this.now() });
          }
        },
        onSilent: () => undefined,
        onEnd: () => {
          if (!this.heard) {
            this.isUseless = true;
            this.stop();
          }
        },
      },
    );
  }

  stop(): void {
    this.stream?.dispose();
    this.stream = undefined;
    this.loads.clear();
  }

  dispose(): void {
    this.stop();
  }
}
