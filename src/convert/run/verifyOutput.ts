import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Media } from '../../media/media.ts';
import { MediaError } from '../../media/mediaError.ts';
import type { Expectation, FolderExpectation, Range } from '../preset.ts';
import { ItemError } from './faults.ts';
import type { ItemRun } from './itemRun.ts';
import { unmatched } from './verify.ts';

/** What a file is: at once where headers tell, else a promise. */
export type Inspect = (path: string) => Media | Promise<Media>;

export interface Verification {
  readonly salvage: boolean;
  readonly inspect: Inspect;
}

/**
 * Holds what an item's present stage has written to its preset's post-condition. In salvage mode, what is merely short is added to the item's
 * damage. Rejects with an `ItemError` that says what was expected and what was found.
 */
export async function verifyOutput(run: ItemRun, verification: Verification): Promise<void> {
  const { preset, options, media, engine } = run.stage;
  const expected = preset.expect(media, options, engine);
  if ('files' in expected) {
    await verifyFolder(run, expected, verification);
  } else {
    await verifyFile(run.stage.output, expected, run, verification);
  }
}

async function verifyFolder(run: ItemRun, expected: FolderExpectation, verification: Verification): Promise<void> {
  // `f_9.jpg` before `f_10.jpg`: the last name is the last file in time.
  const names = readdirSync(run.stage.output).sort(new Intl.Collator('en', { numeric: true }).compare);
  if (!isWithin(names.length, expected.files)) {
    const text = `files: expected ${span(expected.files)}, found ${names.length}`;
    if (!verification.salvage || names.length === 0 || names.length > expected.files.max) {
      throw new ItemError(`the output is not what was asked for · ${text}`);
    }
    run.damage.push(text);
  }
  for (const [index, name] of names.entries()) {
    const each = index === names.length - 1 ? (expected.last ?? expected.each) : expected.each;
    await verifyFile(join(run.stage.output, name), each, run, verification, name);
    if (index % 32 === 31) {
      await setImmediate(); // Thousands of frames are read here: the other workers want their turn.
    }
  }
}

async function verifyFile(
  path: string,
  expected: Expectation,
  run: ItemRun,
  { inspect, salvage }: Verification,
  name?: string,
): Promise<void> {
  const where = name === undefined ? '' : `${name} · `;
  const media = await inspected(path, inspect, where);
  if (media.size === 0) {
    throw new ItemError(`${where}the output is empty`);
  }
  const faults = unmatched(expected, media);
  if (salvage && faults.every(({ isShort }) => isShort)) {
    run.damage.push(...faults.map(({ text }) => `${where}${text}`));
  } else if (faults.length > 0) {
    throw new ItemError(`${where}the output is not what was asked for · ${faults.map(({ text }) => text).join('; ')}`);
  }
}

async function inspected(path: string, inspect: Inspect, where: string): Promise<Media> {
  try {
    return await inspect(path);
  } catch (error) {
    const isMissing = error instanceof MediaError && error.reason === 'notFound';
    throw isMissing ? new ItemError(`${where}no output was written`) : error;
  }
}

function isWithin(value: number, { min, max }: Range): boolean {
  return value >= min && value <= max;
}

function span({ min, max }: Range): string {
  return min === max ? String(min) : `${min} to ${max}`;
}
