import { relative } from 'node:path';
import { expect, it } from 'vitest';
import { checkHealth } from '../../../../src/dataset/health/healthCheck.ts';
import { HealthStore } from '../../../../src/dataset/health/healthStore.ts';
import { madeFolder } from '../formats/support.ts';
import { MORE_WAYS, THIRTY_WAYS, writeThirtyWays } from './thirtyWays.ts';

it('finds each of the ways in which a data set was broken on purpose, and nothing else', async () => {
  const root = madeFolder({});
  await writeThirtyWays(root);
  const search = { paths: {}, env: process.env, sharpWorker: '', never: [] };
  const found = async (level: 'header' | 'full'): Promise<Record<string, string[]>> => {
    const store = await HealthStore.open(root);
    await checkHealth(store, { root, level, distance: 4, pace: 1, search });
    const files: Record<string, string[]> = {};
    for (const { code, file } of store.problems()) {
      (files[code] ??= []).push(relative(root, file) || '.');
    }
    store.close();
    return files;
  };
  const header = await found('header');
  expect(Object.keys(header).sort()).toEqual(Object.keys(THIRTY_WAYS).sort());
  for (const [code, file] of Object.entries(THIRTY_WAYS)) {
    expect(header[code], code).toContain(file);
  }
  expect(Object.keys(THIRTY_WAYS).length).toBeGreaterThanOrEqual(30);
  const full = await found('full');
  for (const [code, file] of Object.entries(MORE_WAYS)) {
    expect(full[code], code).toContain(file);
  }
});
