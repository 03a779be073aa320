import type { GridLayout } from './gridLayout.ts';

export interface GridKeys {
  readonly layout: GridLayout;
  readonly active: number;
  /** Rows that fit into the view. */
  readonly pageRows: number;
  readonly go: (target: number, extend: boolean) => void;
  readonly toggle: () => void;
  readonly open: () => void;
  readonly play: () => void;
  /** Moves through the film of the active tile; false where there is none. */
  readonly scrub: (steps: number) => boolean;
  readonly all: () => void;
  readonly escape: () => void;
}

/** What a key means in the grid; false where it means nothing. */
export function onGridKey({ key, ctrlKey, shiftKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey'>, keys: GridKeys): boolean {
  if (ctrlKey) {
    if (key !== 'a' && key !== 'A') {
      return false;
    }
    keys.all();
    return true;
  }
  switch (key) {
    case ' ':
      keys.toggle();
      return true;
    case 'Enter':
      keys.open();
      return true;
    case 'Escape':
      keys.escape();
      return true;
    case 'p':
    case 'P':
      keys.play();
      return true;
    case ',':
      return keys.scrub(-1);
    case '.':
      return keys.scrub(1);
    default: {
      const target = targetOf(key, keys);
      if (target === undefined) {
        return false;
      }
      keys.go(target, shiftKey);
      return true;
    }
  }
}

function targetOf(key: string, { layout, active, pageRows }: GridKeys): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return active + 1;
    case 'ArrowLeft':
      return active - 1;
    case 'ArrowDown':
      return layout.moved(active, 1);
    case 'ArrowUp':
      return layout.moved(active, -1);
    case 'PageDown':
      return layout.moved(active, pageRows);
    case 'PageUp':
      return layout.moved(active, -pageRows);
    case 'Home':
      return 0;
    case 'End':
      return layout.total - 1;
    default:
      return undefined;
  }
}
