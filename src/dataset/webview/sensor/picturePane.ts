import type { HostConnection } from '../../../webview/messageClient.ts';
import { Latest } from '../plots/latest.ts';
import type { PictureView, SensorHost } from './protocol.ts';
import { clockText, lengthText } from './times.ts';

/** The picture of a topic at the cursor, as it came. */
export class PicturePane {
  readonly element = document.createElement('figure');
  private readonly canvas = document.createElement('canvas');
  private readonly words = document.createElement('figcaption');
  private readonly latest = new Latest();
  /** What is drawn: its topic and time. */
  private drawn = '';

  constructor(private readonly host: HostConnection<SensorHost>) {
    this.element.className = 'picture';
    this.canvas.role = 'img';
    this.words.className = 'number';
    this.element.append(this.canvas, this.words);
  }

  /** Shows the last picture at `time` or before it; resolves when it is drawn, or no longer wanted. */
  async show(topic: number, name: string, time: number): Promise<void> {
    const signal = this.latest.start();
    try {
      const view = await this.host.requestUntil(signal, 'picture', { topic, time });
      const key = `${topic} ${view.time}`;
      if (key !== this.drawn && view.picture) {
        await this.draw(topic, view.picture, signal);
        this.drawn = key;
      }
      if (!signal.aborted) {
        this.canvas.hidden = view.picture === undefined;
        this.drawn = view.picture ? key : '';
        const age = view.time === undefined ? '' : time - view.time < 1e3 ? 'at the cursor' : `${lengthText(time - view.time)} before cursor`;
        const range = view.picture?.kind === 'pixels' && view.picture.range ? ` · black ${view.picture.range[0]}, white ${view.picture.range[1]}` : '';
        this.words.textContent = view.problem ?? (view.time === undefined ? `${name} · no picture before the cursor` : `${name} · ${clockText(view.time)} · ${age}${range}`);
        this.canvas.ariaLabel = this.words.textContent;
      }
    } catch (error) {
      if (!signal.aborted) {
        this.canvas.hidden = true;
        this.words.textContent = (error as Error).message;
      }
    }
  }

  private async draw(topic: number, picture: NonNullable<PictureView['picture']>, signal: AbortSignal): Promise<void> {
    const context = this.canvas.getContext('2d');
    if (picture.kind === 'pixels') {
      this.canvas.width = picture.width;
      this.canvas.height = picture.height;
      context?.putImageData(new ImageData(new Uint8ClampedArray(picture.bytes), picture.width, picture.height), 0, 0);
      return;
    }
    const parts: Uint8Array<ArrayBuffer>[] = [Uint8Array.from(picture.bytes)];
    for (let part = 1; part < picture.parts; part++) {
      parts.push(Uint8Array.from(await this.host.requestUntil(signal, 'picturePart', { topic, part })));
    }
    const bitmap = await createImageBitmap(new Blob(parts, { type: picture.type }));
    if (!signal.aborted) {
      this.canvas.width = bitmap.width;
      this.canvas.height = bitmap.height;
      context?.drawImage(bitmap, 0, 0);
    }
    bitmap.close();
  }
}
