import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));

export type FakedTool = 'ffmpeg' | 'sox' | 'convert';
export type Misbehaviour = 'nothing' | 'half' | 'empty' | 'other' | 'hangs' | 'leaves' | 'floods' | 'dies' | 'fails';

/** Absolute path of a stand-in for a tool. It gives the tool's banner and then misbehaves; README.md says how. */
export function fakePath(tool: FakedTool, how: Misbehaviour): string {
  return join(folder, `${tool}-${how}`);
}

/** Absolute path of a folder with programs of a known name: for PATH. */
export function fakeFolder(name: 'not-imagemagick' | 'magick7'): string {
  return join(folder, name);
}

/**
 * A stand-in in a folder of the test's own that writes `started-PID` beside itself when it is called, waits for a file `go`
 * there, and then does what the tool does.
 */
export function waitingFake(tool: FakedTool, ownFolder: string): string {
  const path = join(ownFolder, `${tool}-waits`);
  symlinkSync(join(folder, 'stand-in'), path);
  return path;
}
