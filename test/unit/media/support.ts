import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

/** Real files that are not ours to give away: tests over them are skipped where the folder is absent. */
export const fixtures = resolve(process.env.TRAINYARD_FIXTURES ?? '../shared/fixtures', 'media');
export const hasFixtures = existsSync(fixtures);

const folders: string[] = [];

// Here and not below: folders are asked for within tests too, where vitest takes no afterAll.
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-media-'));
  folders.push(folder);
  return folder;
}

/** Runs Debian's own tool and gives what it prints. */
export function run(tool: 'ffmpeg' | 'ffprobe' | 'sox' | 'soxi' | 'convert' | 'identify', args: readonly string[]): string {
  return execFileSync(`/usr/bin/${tool}`, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function ffmpeg(...args: string[]): void {
  run('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
}
