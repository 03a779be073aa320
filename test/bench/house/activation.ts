import { measureActivation } from '../../vscode/measureActivation.ts';
import { median } from '../measure.ts';
import { alone, type Bench } from '../row.ts';

/** In real extension hosts, each a fresh one; the first, which reads everything from the disk, does not count. */
export const activation: Bench = {
  room: 'house',
  name: 'activation',
  async run() {
    const [, ...runs] = await measureActivation(6);
    return [
      alone('house', 'activation, with the loading of the bundle', median(runs.map(({ totalMs }) => totalMs)), 50, 'ms'),
      alone('house', 'activation, activate() alone', median(runs.map(({ ownMs }) => ownMs)), null, 'ms'),
    ];
  },
};
