import type { Extent } from '../../../base/orientation.ts';

const MOST_ZOOM = 64;
const STEP = 1.25;

/**
 * Which part of a picture is seen: `zoom` CSS pixels for one of the picture's, and the picture's point in the middle of the view.
 * In `fit` the whole is shown, no larger than at 100 %.
 */
export class Viewport {
  private view: Extent = { width: 1, height: 1 };
  private picture: Extent = { width: 1, height: 1 };
  private chosen: number | 'fit' = 'fit';
  private middle = { x: 0.5, y: 0.5 };

  get zoom(): number {
    return this.chosen === 'fit' ? this.fitting : this.chosen;
  }

  get fits(): boolean {
    return this.chosen === 'fit';
  }

  /** Where the picture's first corner lies in the view, in CSS pixels. */
  get origin(): { readonly x: number; readonly y: number } {
    return { x: this.view.width / 2 - this.middle.x * this.zoom, y: this.view.height / 2 - this.middle.y * this.zoom };
  }

  setPicture(picture: Extent): void {
    const changed = picture.width !== this.picture.width || picture.height !== this.picture.height;
    this.picture = picture;
    if (changed) {
      this.fit();
    }
  }

  setView(view: Extent): void {
    this.view = view;
    this.hold();
  }

  fit(): void {
    this.chosen = 'fit';
    this.hold();
  }

  /** Keeps the picture's point under a place of the view, the middle where none is given. */
  zoomTo(zoom: number, at: { readonly x: number; readonly y: number } = { x: this.view.width / 2, y: this.view.height / 2 }): void {
    const point = this.pointAt(at.x, at.y);
    this.chosen = Math.min(MOST_ZOOM, Math.max(Math.min(this.fitting, 1 / 64), zoom));
    this.middle = { x: point.x - (at.x - this.view.width / 2) / this.chosen, y: point.y - (at.y - this.view.height / 2) / this.chosen };
    this.hold();
  }

  step(direction: 1 | -1, at?: { readonly x: number; readonly y: number }): void {
    this.zoomTo(this.zoom * (direction > 0 ? STEP : 1 / STEP), at);
  }

  /** Moves what is seen, in CSS pixels. */
  pan(dx: number, dy: number): void {
    this.middle = { x: this.middle.x - dx / this.zoom, y: this.middle.y - dy / this.zoom };
    this.hold();
  }

  /** The picture's point at a place of the view. */
  pointAt(x: number, y: number): { readonly x: number; readonly y: number } {
    return { x: this.middle.x + (x - this.view.width / 2) / this.zoom, y: this.middle.y + (y - this.view.height / 2) / this.zoom };
  }

  private get fitting(): number {
    return Math.min(1, this.view.width / this.picture.width, this.view.height / this.picture.height);
  }

  /** A picture that is smaller than the view stands in its middle; a larger one leaves no edge bare. */
  private hold(): void {
    const clamp = (middle: number, extent: number, seen: number) => (extent <= seen ? extent / 2 : Math.min(extent - seen / 2, Math.max(seen / 2, middle)));
    this.middle = {
      x: clamp(this.middle.x, this.picture.width, this.view.width / this.zoom),
      y: clamp(this.middle.y, this.picture.height, this.view.height / this.zoom),
    };
  }
}
