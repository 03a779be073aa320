import { formatCount } from '../../../base/format.ts';
import type { ByteSource } from '../../../media/byteSource.ts';
import { ArrayError } from '../../../media/arrays/arrayError.ts';
import { readSafetensorsHeader } from '../../../media/arrays/safetensorsHeader.ts';
import type { CheckpointFile, CheckpointFormat, CheckpointSource, Inspection } from '../../checkpoint.ts';
import { readPart } from '../binary/readWhole.ts';
import { complete, countsOf, cutShort, damaged, progressFacts, unfinished, withoutTensors } from '../facts.ts';
import { progressOfMetadata } from '../namedProgress.ts';

/** What the first read takes: the header of most files. */
export const HEAD = 262_144;
const MAX_HEADER = 100_000_000;

export const safetensors: CheckpointFormat = {
  id: 'safetensors',
  title: 'safetensors',
  depth: 1,
  evidence: (_, head, focus) => (focus === undefined ? 0 : focus.endsWith('.safetensors') ? 0.9 : looksSo(head) ? 0.6 : 0),
  async inspect(source, { files, now }, signal) {
    const file = files.find(({ name }) => name === source.focus);
    if (file === undefined) {
      throw new Error('There is no such file.');
    }
    return inspectSafetensors(source, file, await readPart(source, file.name, 0, HEAD, signal), now, signal);
  },
};

function looksSo(head: Buffer): boolean {
  return head.length > 9 && head.readBigUInt64LE(0) < BigInt(MAX_HEADER) && head[8] === 0x7b;
}

/** One file, of which the first `HEAD` bytes were read. */
export async function inspectSafetensors(source: CheckpointSource, file: CheckpointFile, first: Buffer, now: number, signal?: AbortSignal): Promise<Inspection> {
  const { name, size } = file;
  const stated = first.length >= 8 ? Number(first.readBigUInt64LE(0)) : 0;
  const wanted = stated <= MAX_HEADER ? 8 + stated : 8;
  const head = wanted > first.length && wanted <= size ? Buffer.concat([first, await readPart(source, name, first.length, wanted - first.length, signal)]) : first;
  try {
    const { tensors, metadata, problems } = readSafetensorsHeader(headAlone(head, size));
    const found = tensors.map((tensor) => ({ name: tensor.name, dtype: tensor.dtype, shape: tensor.shape, place: { file: name, offset: tensor.start, length: Math.max(0, tensor.end - tensor.start) } }));
    const end = tensors.reduce((last, tensor) => Math.max(last, tensor.end), wanted);
    const wrong = problems.find(({ code }) => code !== 'truncated' && code !== 'dtype' && code !== 'metadata');
    const verdict = end > size ? cutShort(file, end, now) : wrong ? damaged(wrong.message) : complete(`Header and ${formatCount(end)} bytes are there.`);
    return { facts: { ...verdict, ...countsOf(found), ...progressFacts(progressOfMetadata(metadata, name)) }, tensors: found, metadata, markers: [], files: [name] };
  } catch (error) {
    if (!(error instanceof ArrayError)) {
      throw error;
    }
    const verdict = error.reason === 'truncated' || size === 0 ? unfinished(error.message, [file], now) : damaged(error.message);
    return withoutTensors(verdict, 'its header cannot be read', [name], progressOfMetadata({}, name));
  }
}

/** The file as its header's reader sees it: only its head is there, though its size is known. */
function headAlone(head: Buffer, size: number): ByteSource {
  return { size, read: (offset, length) => head.subarray(offset, offset + length) };
}
