/** `node … killedRun.ts CONFIG FOLDER DIRECTION`: a run of its own process, to be killed. Says `sending` when bytes move. */
import { join } from 'node:path';
import { createSshLinks } from '../../../../src/process/ssh/links.ts';
import { systemTimers } from '../../../../src/process/timers.ts';
import { groundIn } from './kit.ts';

const [config = '', folder = '', direction = 'push'] = process.argv.slice(2);
const links = createSshLinks({ env: process.env, timers: systemTimers, config });
const ground = groundIn(folder, links.link('fast1'));
const plan = ground.plan(direction === 'pull' ? 'pull' : 'push', { bandwidth: 20_000 });
await ground.run(plan, { onProgress: ({ phase, bytes }) => phase === 'sending' && bytes > 0 && process.stdout.write(`sending ${bytes}\n`) });
process.stdout.write(`ended ${join(folder)}\n`);
