/** A process that does nothing: how late it comes is how busy the machine is otherwise. */
import { watchLoop } from './loopDelay.ts';

const delay = watchLoop(5000);
// Looking does not keep it going.
setInterval(() => undefined, 1_000_000);
process.once('SIGTERM', () => process.stdout.write(JSON.stringify(delay()), () => process.exit()));
