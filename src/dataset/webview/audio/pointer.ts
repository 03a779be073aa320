import type { Playback } from './playback.ts';
import type { TimeWindow } from './timeWindow.ts';

export interface PointerTargets {
  readonly window: TimeWindow;
  readonly playback: Playback;
  readonly length: number;
  readonly plot: { readonly left: number; readonly width: number };
  seek(seconds: number): void;
  select(range: readonly [number, number] | undefined): void;
  draw(): void;
}

/** CSS pixels up to which a press is a click. */
const STILL = 3;

/** Click sets the playhead, drag selects, the wheel pans, and with Ctrl zooms at the pointer. */
export function listenToLanes(stack: HTMLElement, to: PointerTargets): void {
  let press: { readonly x: number; readonly at: number; dragged: boolean } | undefined;
  const timeOf = (event: MouseEvent) => {
    const x = event.clientX - stack.getBoundingClientRect().left - to.plot.left;
    return Math.max(0, Math.min(to.length, to.window.from + (x / to.plot.width) * to.window.span));
  };
  stack.addEventListener('pointerdown', (event) => {
    if (event.button === 0) {
      stack.setPointerCapture(event.pointerId);
      press = { x: event.clientX, at: timeOf(event), dragged: false };
    }
  });
  stack.addEventListener('pointermove', (event) => {
    const cursor = stack.querySelector<HTMLElement>('.cursor');
    if (cursor !== null) {
      cursor.hidden = false;
      cursor.style.translate = `${event.clientX - stack.getBoundingClientRect().left}px`;
    }
    if (press !== undefined && (press.dragged || Math.abs(event.clientX - press.x) > STILL)) {
      press.dragged = true;
      const at = timeOf(event);
      to.select(at < press.at ? [at, press.at] : [press.at, at]);
    }
  });
  stack.addEventListener('pointerleave', () => stack.querySelector('.cursor')?.setAttribute('hidden', ''));
  stack.addEventListener('pointerup', (event) => {
    if (press?.dragged === false) {
      to.select(undefined);
      to.seek(timeOf(event));
    }
    press = undefined;
  });
  stack.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey) {
        event.preventDefault();
        to.window.zoom(Math.exp(-event.deltaY / 250), timeOf(event));
        to.draw();
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey || isScrolledOut(stack)) {
        event.preventDefault();
        to.window.pan(((event.deltaX || event.deltaY) / to.plot.width) * to.window.span);
        to.draw();
      }
    },
    { passive: false },
  );
}

/** Whether all lanes are on screen, so that the wheel is free for the time. */
function isScrolledOut(stack: HTMLElement): boolean {
  const scroll = stack.parentElement;
  return scroll === null || scroll.scrollHeight <= scroll.clientHeight + 1;
}

/** Press and drag move the window to the pointer. */
export function listenToOverview(overview: HTMLElement, to: PointerTargets): void {
  const move = (event: PointerEvent) => {
    const part = (event.clientX - overview.getBoundingClientRect().left - to.plot.left) / to.plot.width;
    if (to.window.whole) {
      to.seek(part * to.length);
    } else {
      to.window.show(part * to.length - to.window.span / 2, to.window.span);
    }
    to.draw();
  };
  overview.addEventListener('pointerdown', (event) => {
    overview.setPointerCapture(event.pointerId);
    move(event);
  });
  overview.addEventListener('pointermove', (event) => event.buttons === 1 && move(event));
}
