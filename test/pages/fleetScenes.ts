import type { FleetMachine } from '../../src/monitor/view/fleetBox.ts';
import { inventedFleet, unknownFleet } from '../unit/monitor/view/inventedFleet.ts';
import type { OpenFleet } from './fleetHarness.ts';
import type { PageOptions } from './harness.ts';
import type { ThemeName } from './themes.ts';

export interface FleetScene {
  /** undefined: nothing has been told yet. */
  readonly machines: ((now: number) => readonly FleetMachine[]) | undefined;
  readonly options?: PageOptions;
  readonly ready: string;
  readonly act?: (open: OpenFleet) => Promise<void>;
  readonly themes?: readonly ThemeName[];
}

const ROW = '.row.box';

export const fleetScenes: Readonly<Record<string, FleetScene>> = {
  all: { machines: inventedFleet, ready: ROW },
  unknown: { machines: unknownFleet, ready: ROW, themes: ['dark', 'light'] },
  alone: { machines: (now) => inventedFleet(now).slice(0, 1), ready: '.trouble', themes: ['dark', 'light'] },
  loading: { machines: undefined, ready: '.none', themes: ['dark'] },
  filtered: { machines: inventedFleet, ready: ROW, themes: ['dark'], act: ({ page }) => page.fill('.input input', 'joon') },
  focused: {
    machines: inventedFleet,
    ready: ROW,
    themes: ['dark', 'contrastDark'],
    async act({ page }) {
      await page.focus('.row.box >> nth=0');
      await page.keyboard.press('ArrowDown');
    },
  },
  narrow: { machines: inventedFleet, ready: ROW, options: { width: 300, height: 1200 }, themes: ['dark', 'light'] },
  middle: { machines: inventedFleet, ready: ROW, options: { width: 1000, height: 900 }, themes: ['dark'] },
  small: { machines: inventedFleet, ready: ROW, options: { width: 640, height: 1000 }, themes: ['light'] },
  zoomed: { machines: inventedFleet, ready: ROW, options: { width: 1392, height: 808, zoom: 2 }, themes: ['dark'] },
};
