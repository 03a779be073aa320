import { createHash } from 'node:crypto';
import createXxhash from 'xxhash-wasm';
import type { SshLink } from '../../process/ssh/link.ts';

/**
 * What ranges of large files are compared by, the fastest that a box has: XXH64 (5 GB/s), SHA-256 by openssl, which uses the
 * processor's own instructions (1.4 GB/s), by coreutils or perl, which do not all (0.3 GB/s). ssh already guards what is on its way;
 * this is against a disk, a quota or a program that kept something else.
 */
export interface RangeTools {
  readonly hash: 'xxh64' | 'sha256';
  /** Reads stdin and prints the hash as its first letters. */
  readonly command: string;
  /** dd counts bytes and reads until it has them. */
  readonly gnuDd: boolean;
  /** Its processor has instructions for AES. */
  readonly aes: boolean;
}

export interface RangeHash {
  update(piece: Buffer): void;
  /** Lower case hexadecimal. */
  digest(): string;
}

const FIND = [
  'if command -v xxhsum >/dev/null 2>&1; then echo "xxh64 xxhsum -H1 - | cut -c1-16"',
  'elif command -v openssl >/dev/null 2>&1 && [ "$(printf "" | openssl dgst -sha256 -r 2>/dev/null | cut -c1-8)" = e3b0c442 ]; then echo "sha256 openssl dgst -sha256 -r | cut -c1-64"',
  'elif command -v sha256sum >/dev/null 2>&1; then echo "sha256 sha256sum | cut -c1-64"',
  'elif command -v shasum >/dev/null 2>&1; then echo "sha256 shasum -a 256 | cut -c1-64"',
  'else echo none; fi',
  'dd if=/dev/null of=/dev/null bs=1 count=1 skip=0 seek=0 iflag=fullblock,count_bytes,skip_bytes oflag=seek_bytes status=none 2>/dev/null && echo gnu',
  "grep -qwm1 '^\\(flags\\|Features\\).* aes' /proc/cpuinfo 2>/dev/null && echo aes",
  ':',
].join('\n');

/** undefined where the box has nothing to compare by: its large files go another way. */
export async function findRangeTools(link: SshLink, signal: AbortSignal): Promise<RangeTools | undefined> {
  const { stdout } = await link.run(FIND, { signal });
  const [first = '', ...features] = stdout.toString('latin1').trim().split('\n');
  const [, hash, command] = /^(xxh64|sha256) (.+)$/.exec(first) ?? [];
  return command === undefined ? undefined : { hash: hash === 'xxh64' ? 'xxh64' : 'sha256', command, gnuDd: features.includes('gnu'), aes: features.includes('aes') };
}

export async function rangeHashes(hash: RangeTools['hash']): Promise<() => RangeHash> {
  if (hash === 'sha256') {
    return () => {
      const sum = createHash('sha256');
      return { update: (piece) => void sum.update(piece), digest: () => sum.digest('hex') };
    };
  }
  const xxhash = await createXxhash();
  return () => {
    const sum = xxhash.create64();
    return { update: (piece) => void sum.update(piece), digest: () => sum.digest().toString(16).padStart(16, '0') };
  };
}
