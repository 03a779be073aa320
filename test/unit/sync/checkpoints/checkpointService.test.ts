import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCheckpointService } from '../../../../src/sync/checkpoints/checkpointService.ts';
import type { ChangeView, ValuesView, WorkView } from '../../../../src/sync/webview/checkpoint/protocol.ts';
import { safetensorsBytes } from '../../media/arrays/arrayBytes.ts';
import { temporary } from '../temporary.ts';
import { floats, torchZip } from './checkpointBytes.ts';
import { tensor } from './pickleBytes.ts';

let folder: string;
let service: ReturnType<typeof createCheckpointService>;
let works: WorkView[];
let values: ValuesView[];
let changes: ChangeView[];
let onEnd: (view: WorkView) => void;
const { signal } = new AbortController();

beforeEach(() => {
  folder = temporary();
  [works, values, changes] = [[], [], []];
  service = createCheckpointService({ storage: '/nonexistent', env: {}, never: [] }, {
    tell(event, ...params) {
      const [told] = params as readonly unknown[];
      if (event === 'work') {
        works.push(told as WorkView);
        if (!(told as WorkView).running) {
          onEnd(told as WorkView);
        }
      } else if (event === 'values') {
        values.push(...(told as readonly ValuesView[]));
      } else {
        changes.push(...(told as readonly ChangeView[]));
      }
    },
    ask: () => Promise.reject(new Error('It asks nothing.')),
  });
});
afterEach(() => service.dispose());

/** Resolves when work on so many bytes has ended. */
const ended = (total: number) => new Promise<void>((resolve) => (onEnd = (view) => view.total === total && resolve()));

/** Tensors a, b, … of F32, as long as is said. */
async function open(counts: readonly number[]): Promise<void> {
  let at = 0;
  const header = Object.fromEntries(counts.map((count, index) => [String.fromCharCode(97 + index), { dtype: 'F32', shape: [count], data_offsets: [at, (at += count * 4)] }]));
  await writeFile(join(folder, 'm.safetensors'), safetensorsBytes(header, floats(at / 4)));
  await service.handlers.open({ place: join(folder, 'm.safetensors') }, signal);
}

it('says that work goes on before any of it is done', async () => {
  await open([5]);
  const end = ended(20);
  await service.handlers.checkValues({}, signal);
  expect(works).toEqual([{ kind: 'values', bytes: 0, total: 20, running: true }]);
  await end;
  expect(values).toMatchObject([{ name: 'a', min: 0.5, max: 0.5 }]);
});

it('tells no end, and no results, of work that other work took the place of', async () => {
  await open([100, 200, 300]);
  await service.handlers.checkValues({}, signal);
  const end = ended(800);
  await service.handlers.checkValues({ names: ['b'] }, signal);
  await end;
  const next = ended(400);
  await service.handlers.checkValues({ names: ['a'] }, signal);
  await next;
  expect(works.filter(({ running }) => !running).map(({ total }) => total)).toEqual([800, 400]);
  expect(values.map(({ name }) => name)).toEqual(['b', 'a']);
});

it('compares by hash the members of two zip files, which begin at other bytes', async () => {
  const one = { a: tensor('0', 'FloatStorage', [3]), b: tensor('1', 'FloatStorage', [3]) };
  await writeFile(join(folder, 'a.pt'), torchZip(one, { 0: floats(3), 1: floats(3) }));
  await writeFile(join(folder, 'b.pt'), torchZip({ ...one, more: 'a text' }, { 0: floats(3), 1: new Uint8Array(12) }));
  await service.handlers.open({ place: join(folder, 'a.pt') }, signal);
  await service.handlers.compare({ place: join(folder, 'b.pt') }, signal);
  const end = ended(24);
  await service.handlers.compareValues({ by: 'hashes' }, signal);
  await end;
  expect(changes.map(({ name, same }) => [name, same])).toEqual([['a', true], ['b', false]]);
});
