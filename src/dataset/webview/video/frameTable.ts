import type { HostConnection } from '../../../webview/messageClient.ts';
import type { Packets, VideoHost } from './protocol.ts';

/** The packets of a film as they are known so far, by the order of their showing. */
export class FrameTable {
  pts: Float64Array = new Float64Array(0);
  dts: Float64Array = new Float64Array(0);
  sizes: Uint32Array = new Uint32Array(0);
  keys: Uint8Array = new Uint8Array(0);
  ticks = 1;
  count = 0;
  dtsNote: string | undefined;
  private shift = 0;

  /** `start`: seconds at which the first picture is by the page's own demuxer. */
  async load(host: HostConnection<VideoHost>, start: number, isWanted: () => boolean, onPart: () => void): Promise<void> {
    this.pts = new Float64Array(0);
    this.count = 0;
    do {
      const part: Packets = await host.request('packets', { from: this.pts.length });
      if (!isWanted() || part.pts.length === 0) {
        return;
      }
      this.pts = concat(this.pts, part.pts, Float64Array);
      this.dts = concat(this.dts, part.dts, Float64Array);
      this.sizes = concat(this.sizes, part.sizes, Uint32Array);
      this.keys = concat(this.keys, part.keys, Uint8Array);
      this.ticks = part.ticks;
      this.count = part.count;
      this.dtsNote = part.dtsNote;
      this.shift = start - (this.pts[0] ?? 0) / this.ticks;
      onPart();
    } while (this.pts.length < this.count);
  }

  get known(): number {
    return this.pts.length;
  }

  /** Seconds of a frame. */
  timeOf(index: number): number {
    return (this.pts[Math.max(0, Math.min(this.known - 1, index))] ?? 0) / this.ticks + this.shift;
  }

  /** The frame that is shown at a time; -1 where none is known. */
  indexAt(time: number): number {
    const wanted = (time - this.shift) * this.ticks + 0.5;
    let [low, high] = [0, this.known];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.pts[middle] as number) <= wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this.known === 0 ? -1 : Math.max(0, low - 1);
  }
}

function concat<T extends Float64Array | Uint32Array | Uint8Array>(a: T, b: T, kind: new (length: number) => T): T {
  const all = new kind(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
