import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { accountNames } from '../../../src/process/accountNames.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainyard-accounts-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('names the accounts that the system knows, and leaves out the others', async () => {
  expect([...(await accountNames([0, 3_999_999_999]))]).toEqual([[0, 'root']]);
});

it('asks for nobody with no process', async () => {
  expect((await accountNames([], join(folder, 'none'))).size).toBe(0);
});

it('knows none where it cannot ask', async () => {
  expect((await accountNames([0], join(folder, 'none'))).size).toBe(0);
});

it('asks by number alone', async () => {
  const path = join(folder, 'getent');
  writeFileSync(path, '#!/bin/sh\nprintf "me:x:%s:100:a name:/home/me:/bin/sh\\n" "$2"; printf "%s %s" "$1" "$#" >&2; exit 2\n');
  chmodSync(path, 0o755);
  expect([...(await accountNames([1234, 5], path))]).toEqual([[1234, 'me']]);
});
