import type { TarEntry, TarStop } from '../../../media/archives/scanTar.ts';
import { BLOCK, isRegular, walkTar } from '../../../media/archives/scanTar.ts';
import type { ByteSource } from '../../../media/byteSource.ts';
import { createBreather } from '../../../base/breather.ts';

export interface TarMember {
  readonly name: string;
  /** Of its content. */
  readonly offset: number;
  readonly size: number;
  /** Whether it is a regular file. */
  readonly isFile: boolean;
}

export type TarEnd = 'whole' | 'no-end' | 'truncated' | 'damaged';

/** The members of a tar in order; what it returns says how the tar ends. By the reader of archives, which previews use too. */
export async function* tarMembers(source: ByteSource, signal?: AbortSignal): AsyncGenerator<TarMember, TarEnd> {
  const breathe = createBreather(signal);
  const members = tarEntries(source);
  for (let next = members.next(); ; next = members.next()) {
    if (next.done === true) {
      return next.value;
    }
    await breathe();
    yield next.value;
  }
}

/** Names of the regular files in a tar that is known to be small. */
export function tarHeaders(source: ByteSource): string[] {
  return [...tarEntries(source)].flatMap(({ name, isFile }) => (isFile ? [name] : []));
}

function* tarEntries(source: ByteSource): Generator<TarMember, TarEnd> {
  const found: TarEntry[] = [];
  const walk = walkTar((entry) => found.push(entry) > 0, () => undefined);
  for (let turn = walk.next(); ; ) {
    for (const entry of found.splice(0)) {
      const { name, offset, size } = entry;
      if (offset + size > source.size) {
        return 'truncated';
      }
      yield { name: name.toString('utf8'), offset, size, isFile: isRegular(entry) };
    }
    if (turn.done === true) {
      return endOf(source, turn.value);
    }
    turn = walk.next(source.read(turn.value.offset, turn.value.length));
  }
}

function endOf(source: ByteSource, { why, at }: TarStop): TarEnd {
  if (why === 'empty') {
    const second = source.read(at + BLOCK, BLOCK);
    return second.length === BLOCK && second.every((byte) => byte === 0) ? 'whole' : 'no-end';
  }
  return why === 'nothing' && at === source.size ? 'no-end' : why === 'nothing' || why === 'partial' ? 'truncated' : 'damaged';
}
