/** Runs inside the extension host as it is, unbundled: activates Trainyard once and prints how long that took. */
import { extensions } from 'vscode';

export async function run() {
  const extension = extensions.getExtension('trainyard.trainyard');
  const start = performance.now();
  const handle = await extension?.activate();
  console.log(`trainyard-activation: ${JSON.stringify({ totalMs: performance.now() - start, ownMs: handle?.activationMs })}`);
}
