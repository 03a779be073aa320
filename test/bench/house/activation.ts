import { median } from '../measure.ts';
import { alone, type Bench } from '../row.ts';
import { measureActivation } from './measureActivation.ts';

/** In real extension hosts, each a fresh one; the first, which reads everything from the disk, does not count. */
export const activation: Bench = {
  room: 'house',
  name: 'activation',
  async run() {
    const [, ...runs] = await measureActivation(8);
    return [alone('house', 'activation, loading included, as VS Code counts it', median(runs), 50, 'ms')];
  },
};
