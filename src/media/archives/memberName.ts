import { isUtf8 } from 'node:buffer';

/**
 * A member's name as text: as it is where it is UTF-8, else with `\xNN` for every byte that is not. A backslash that could be
 * taken for the start of one is written `\x5c`, so that `bytesOfName` gives the same bytes back.
 */
export function nameOfBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) {
    return buffer.toString('utf8').replace(/\\(?=x)/g, '\\x5c');
  }
  let name = '';
  for (let at = 0; at < buffer.length; ) {
    const length = characterAt(buffer, at);
    name += length === 0 ? `\\x${(buffer[at] ?? 0).toString(16).padStart(2, '0')}` : buffer.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return name;
}

export function bytesOfName(name: string): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const match of name.matchAll(/\\x([0-9a-f]{2})/g)) {
    parts.push(Buffer.from(name.slice(from, match.index)), Buffer.from([Number.parseInt(match[1] ?? '', 16)]));
    from = match.index + match[0].length;
  }
  parts.push(Buffer.from(name.slice(from)));
  return Buffer.concat(parts);
}

/** Bytes of the character that starts here; 0 where none does. */
function characterAt(bytes: Buffer, at: number): number {
  if (bytes[at] === 0x5c) {
    return bytes[at + 1] === 0x78 ? 0 : 1;
  }
  for (let length = 1; length <= 4; length++) {
    if (at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) {
      return length;
    }
  }
  return 0;
}
