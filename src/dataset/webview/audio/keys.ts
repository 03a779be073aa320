import type { AudioActions } from './layout.ts';
import type { Playback } from './playback.ts';

export interface KeyTargets extends Pick<AudioActions, 'toggle' | 'toggleLoop' | 'toggleMute' | 'zoom' | 'fit'> {
  readonly playback: Pick<Playback, 'now' | 'stepSpeed'>;
  readonly length: number;
  seek(seconds: number): void;
  mark(edge: 'in' | 'out'): void;
  clear(): void;
  /** By one of the smallest steps that the page knows. */
  step?(by: number): void;
}

/** Seconds. */
const STEP = 0.01;
const JUMP = 1;
const LONG_JUMP = 10;

/** What a key does in a player; undefined where the key is not the player's. */
export function keyAction({ key, shiftKey, ctrlKey, metaKey, altKey, target }: KeyboardEvent, to: KeyTargets): (() => void) | undefined {
  const element = target as HTMLElement;
  if (ctrlKey || metaKey || altKey || element.matches('select, input') || (key === ' ' && element.matches('button, summary'))) {
    return undefined;
  }
  const by = (seconds: number) => () => to.seek(to.playback.now() + seconds);
  const step = (sign: number) => (to.step ? () => to.step?.(sign) : by(sign * STEP));
  const jump = shiftKey ? LONG_JUMP : JUMP;
  const actions: Readonly<Record<string, () => void>> = {
    ' ': () => to.toggle(),
    ',': step(-1),
    '.': step(1),
    ArrowLeft: by(-jump),
    ArrowRight: by(jump),
    Home: () => to.seek(0),
    End: () => to.seek(to.length),
    l: () => to.toggleLoop(),
    m: () => to.toggleMute(),
    i: () => to.mark('in'),
    o: () => to.mark('out'),
    '[': () => to.playback.stepSpeed(-1),
    ']': () => to.playback.stepSpeed(1),
    '+': () => to.zoom(1.5),
    '=': () => to.zoom(1.5),
    '-': () => to.zoom(1 / 1.5),
    0: () => to.fit(),
    Escape: () => to.clear(),
  };
  return Object.hasOwn(actions, key) ? actions[key] : undefined;
}
