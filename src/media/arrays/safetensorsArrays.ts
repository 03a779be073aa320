import { formatCount } from '../../base/format.ts';
import type { FilePart } from '../filePart.ts';
import type { ArraySource } from './arraySource.ts';
import { elementCount } from './arraySource.ts';
import type { ByteArray } from './byteArrays.ts';
import { ByteArrays } from './byteArrays.ts';
import { simpleType } from './elementType.ts';
import { openBytes } from './fileBytes.ts';
import type { SafetensorsTensor } from './safetensorsHeader.ts';
import { readSafetensorsHeader } from './safetensorsHeader.ts';

const MAX_FACT = 400;

/** Throws an `ArrayError` or a `MediaError`. */
export function openSafetensors(part: FilePart): ArraySource {
  const bytes = openBytes(part);
  try {
    const reader = bytes.reader();
    const { tensors, metadata, problems } = readSafetensorsHeader(reader);
    const parameters = tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    return new ByteArrays({
      format: 'safetensors',
      arrays: tensors.map((tensor) => arrayOf(tensor, bytes.size, () => reader)),
      separator: '.',
      facts: [
        { name: 'Parameters', value: formatCount(parameters) },
        ...Object.entries(metadata).map(([name, value]) => ({ name, value: value.length > MAX_FACT ? `${value.slice(0, MAX_FACT)}…` : value })),
      ],
      problems: problems.map(({ message }) => message),
      onClose: () => bytes.close(),
    });
  } catch (error) {
    bytes.close();
    throw error;
  }
}

function arrayOf({ name, dtype, type, shape, start, end }: SafetensorsTensor, size: number, open: ByteArray['open']): ByteArray {
  const bits = type ? (type.bytes * 8) / (type.packed ?? 1) : 0;
  const fits = (elementCount(shape) * bits) / 8 === end - start;
  const unreadable = type === undefined ? `Values of type ${dtype} are not read.` : !fits ? 'Its place in the file is not as large as its shape.' : start > size ? 'The file ends before it.' : undefined;
  return {
    entry: {
      path: name,
      shape,
      type: type ?? { ...simpleType('void', 0, false), name: dtype },
      bytes: Math.max(0, end - start),
      storage: [`byte ${start} of the file`],
      attributes: [],
      ...(unreadable !== undefined && { unreadable }),
    },
    offset: start,
    fortranOrder: false,
    open,
  };
}
