import { printable } from '../../base/printable.ts';
import type { BoxFacts } from '../box.ts';
import type { Entry, Listing, RootState, Unlisted } from '../entry.ts';
import { SyncError } from '../syncError.ts';
import { parseFindErrors } from './findErrors.ts';
import { listScript } from './findScript.ts';
import { FrameReader } from './frames.ts';
import { byPath } from './ownNames.ts';
import { RecordsReader } from './records.ts';
import type { Records } from './records.ts';
import { createZstdReader } from './zstdReader.ts';

/** A listing as it came: fields that end with NUL (`frames.ts`), by far smaller than what it says. */
export interface RawTree {
  readonly records: Records;
  readonly stderr: string;
}

/** Runs a script of a POSIX shell, here or on a box. */
export type RunScript = (script: string, onStdout: (chunk: Buffer) => void) => Promise<{ readonly exitCode: number; readonly stderr: string }>;

/** `where`: how the machine is named to a person. `root`: absolute path there. Rejects with a `SyncError` where it is not whole. */
export async function readTree(run: RunScript, root: string, facts: Pick<BoxFacts, 'find' | 'zstd'>, where: string): Promise<RawTree> {
  const records = new RecordsReader();
  const unpacker = facts.zstd ? await createZstdReader((chunk) => records.push(chunk)) : undefined;
  const { exitCode, stderr } = await run(listScript(root, facts), (chunk) => (unpacker ?? records).push(chunk));
  // One that is cut short lacks its end.
  await unpacker?.end().catch(() => undefined);
  const read = records.end();
  if (!/\0=end \d+\0$/.test(read.bytes.toString('latin1', Math.max(0, read.bytes.length - 16)))) {
    throw new SyncError('failed', `${where} did not list all of ${printable(root)}: ${printable(lastWords(stderr) || `exit code ${exitCode}`)}`);
  }
  return { records: read, stderr };
}

/** What such a listing says. Throws a `SyncError` where its root may not be entered. */
export function decodeTree(bytes: Buffer, stderr: string, root: string, where: string): Listing {
  const entries: Entry[] = [];
  const unread: Unlisted[] = [];
  const told = new Map<string, string>();
  new FrameReader({
    onFact: (key, value) => (key === 'unread' ? unread.push({ path: value.slice(2), reason: 'cannot be looked at' }) : told.set(key, value)),
    onEntry: (entry) => entries.push(entry),
  }).push(bytes);
  const state = rootState(told, root, where);
  return { entries: entries.sort(byPath), unread: told.get('end') === '0' ? unread : [...unread, ...unreadOf(stderr)], skipped: [], root: state };
}

function rootState(told: ReadonlyMap<string, string>, root: string, where: string): RootState {
  const kind = told.get('root');
  const freeBytes = freeOf(told.get('df') ?? '');
  if (kind === 'folder') {
    const [device = '', inode = ''] = (told.get('id') ?? '').split(' ');
    const folds = told.get('folds');
    return { kind, device, inode, freeBytes: freeBytes ?? Infinity, ...(folds !== undefined && { foldsCase: folds === 'yes' }) };
  }
  if (kind === 'closed' || /Permission denied/.test(told.get('why') ?? '')) {
    throw new SyncError('permission', `${printable(root)} on ${where} may not be entered: ${printable(lastWords(told.get('why') ?? ''))}`);
  }
  return kind === 'missing' ? { kind, ...(freeBytes !== undefined && { freeBytes }) } : { kind: 'notAFolder' };
}

/** Of a line of `df -Pk` (POSIX): kibibytes that are available. */
function freeOf(line: string): number | undefined {
  const [, available] = /\s\d+\s+-?\d+\s+(-?\d+)\s+\S+%\s/.exec(line) ?? [];
  return available === undefined ? undefined : Math.max(0, Number(available)) * 1024;
}

/** Where find's words name no path, the whole tree counts as not read. */
function unreadOf(stderr: string): readonly Unlisted[] {
  const found = parseFindErrors(stderr);
  return found.length === 0 ? [{ path: '', reason: 'find ended with an error' }] : found;
}

function lastWords(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
