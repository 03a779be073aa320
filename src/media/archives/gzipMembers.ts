import type { Wanted } from './scanTar.ts';
import type { Told } from './unpackPieces.ts';
import { gunzipped } from './unpackPieces.ts';

/**
 * Leads a scan through what gzip has packed, from its start to where the scan ends. There is no way into the middle of it.
 * Rejects with an `ArchiveError`; a tail that is missing ends the scan early, as in a tar that is not packed.
 */
export async function scanGzip(file: string, scan: Generator<Wanted, void, Buffer>, signal?: AbortSignal, told?: Told): Promise<void> {
  let turn = scan.next();
  let at = 0;
  let parts: Buffer[] = [];
  let have = 0;
  for await (const chunk of gunzipped(file, signal, told)) {
    for (let from = 0; turn.done !== true && from < chunk.length; ) {
      const { offset, length } = turn.value;
      const missing = offset - (at + from);
      if (missing > 0 && have === 0) {
        from += Math.min(missing, chunk.length - from);
        if (missing > 0 && from >= chunk.length) {
          break;
        }
      }
      const part = chunk.subarray(from, from + length - have);
      parts.push(Buffer.from(part));
      have += part.length;
      from += part.length;
      if (have === length) {
        turn = scan.next(Buffer.concat(parts));
        parts = [];
        have = 0;
      }
    }
    at += chunk.length;
    if (turn.done === true) {
      return;
    }
  }
  // What is left was wanted beyond the end.
  while (turn.done !== true) {
    turn = scan.next(Buffer.concat(parts));
    parts = [];
  }
}
