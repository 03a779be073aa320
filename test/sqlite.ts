/** `npm test -- sqlite`: the tests of the history, in the Node of a VS Code server. TRAINYARD_VSCODE=minimum takes the oldest. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { getServer, releaseWanted } from './vscode/getServer.ts';

const root = join(import.meta.dirname, '..');
const { node } = await getServer(releaseWanted());
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(node, [vitest, 'run', '--config', 'vitest.sqlite.config.ts', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
