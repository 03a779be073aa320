import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { expect, it, vi } from 'vitest';
import { Emitter } from '../../../../src/base/emitter.ts';
import type { SocketClient } from '../../../../src/monitor/collect/client.ts';
import { hostOfBox } from '../../../../src/monitor/collect/protocol.ts';
import { answerHistory } from '../../../../src/monitor/history/historyQuery.ts';
import type { MachineModel } from '../../../../src/monitor/vscode/machineModel.ts';
import { PastOfMachine } from '../../../../src/monitor/vscode/pastOfMachine.ts';
import { at, historyPath, NAME, reader, withGpu, writer } from './support.ts';

vi.mock('vscode', () => ({}));

/** The past of this machine, or of a box of the same name, whose GPUs are at 10 and at 90 percent. */
function past(alias: string | undefined): PastOfMachine {
  const path = historyPath();
  const history = writer(path);
  for (let second = 0; second < 30; second++) {
    history.add(withGpu(second, { utilization: 10 }));
    history.add({ ...withGpu(second, { utilization: 90 }), host: hostOfBox(NAME) });
  }
  history.flush();
  const client = { ask: ({ query }: { readonly query: unknown }) => answerHistory(reader(path), query) } as unknown as SocketClient;
  const model = { alias, onSample: new Emitter<never>().event, holdings: { sample: { host: NAME }, gpus: [] } } as unknown as MachineModel;
  return new PastOfMachine(client, model, () => true);
}

it.each([
  ['a box', NAME, '90'],
  ['this machine', undefined, '10'],
])('an export of a range of %s is of that alone', async (_, alias, utilization) => {
  const file = `${historyPath()}.csv`;
  const bytes = await past(alias).export({ from: at(5), to: at(15) }, 'csv', file);
  const text = readFileSync(file, 'utf8');
  expect(bytes).toBe(Buffer.byteLength(text));
  const gpu = parse<Record<string, string>>(text, { columns: true }).filter(({ kind }) => kind === 'gpu');
  expect(gpu.map((row) => [row['time'], row['utilization']])).toEqual(Array.from({ length: 10 }, (__, second) => [new Date(at(5 + second)).toISOString(), utilization]));
});

it('an export of a box as JSON names it, and is of its samples alone', async () => {
  const file = `${historyPath()}.json`;
  await past(NAME).export({ from: at(5), to: at(15) }, 'json', file);
  const { host, samples } = JSON.parse(readFileSync(file, 'utf8')) as { host: string; samples: readonly { gpus: readonly { gpus: readonly object[] }[] }[] };
  expect([host, samples.length]).toEqual([hostOfBox(NAME), 10]);
  expect(samples[0]?.gpus[0]?.gpus[0]).toMatchObject({ utilization: 90 });
});
