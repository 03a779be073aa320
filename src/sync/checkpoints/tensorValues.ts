import { decodeNumbers } from '../../media/arrays/elements.ts';
import { RunningStatistics } from '../../media/arrays/statistics.ts';
import type { ArrayStatistics } from '../../media/arrays/statistics.ts';
import type { CheckpointSource, Tensor, TensorPlace } from '../checkpoint.ts';
import { dataStart } from './binary/zipDirectory.ts';
import { dtypeBytes, elementType } from './dtypes.ts';
import { elements } from './facts.ts';

/** Bytes that are read and held at once, a multiple of every type's size. */
const PIECE = 4 * 1024 * 1024;

/** Turns bytes into numbers; undefined for types whose values are not read. Of a complex number no magnitude tells how far it has moved. */
export function decoderOf(dtype: string): ((bytes: Buffer) => Float64Array) | undefined {
  const type = elementType(dtype);
  return type === undefined || type.kind === 'complex' ? undefined : (bytes) => decodeNumbers(bytes, type, Math.floor(bytes.length / type.bytes));
}

/** Whether its values can be read: they lie in one piece, in a type that is known. */
export function isReadable(tensor: Tensor): boolean {
  return tensor.place !== undefined && decoderOf(tensor.dtype) !== undefined && tensor.place.length === elements(tensor) * (dtypeBytes(tensor.dtype) ?? 0);
}

/** Where values begin in their files, past the headers of a zip file's members. Rejects where one is not there. */
export async function startsOf(source: CheckpointSource, places: readonly TensorPlace[], signal?: AbortSignal): Promise<readonly number[]> {
  const members = places.filter(({ member }) => member !== undefined);
  const headers = members.length === 0 ? [] : await source.read(members.map(({ file, member = 0 }) => ({ file, offset: member, length: 30 })), signal);
  const starts = new Map(members.map((place, index) => [place, dataStart(headers[index] ?? Buffer.alloc(0))]));
  return places.map((place) => {
    const { file, offset, member } = place;
    const start = member === undefined ? 0 : starts.get(place);
    if (start === undefined) {
      throw new Error(`${file} has changed: no member of it is where it was.`);
    }
    return (member ?? 0) + start + offset;
  });
}

/** Goes through a tensor's bytes, piece by piece. Rejects where the file ends before it. */
export async function* piecesOf(source: CheckpointSource, tensor: Tensor, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const { place } = tensor;
  if (place === undefined) {
    throw new Error(`Where the values of ${tensor.name} lie is not known.`);
  }
  const [start = 0] = await startsOf(source, [place], signal);
  for (let at = 0; at < place.length; at += PIECE) {
    const length = Math.min(PIECE, place.length - at);
    const [bytes = Buffer.alloc(0)] = await source.read([{ file: place.file, offset: start + at, length }], signal);
    if (bytes.length < length) {
      throw new Error(`${place.file} ends before the values of ${tensor.name}.`);
    }
    yield bytes;
  }
}

/** NaN, infinities, zeros, range, mean, deviation and histogram of all values. `onBytes`: of each piece that was gone through. */
export async function statisticsOf(source: CheckpointSource, tensor: Tensor, onBytes: (bytes: number) => void, signal?: AbortSignal): Promise<ArrayStatistics> {
  const decode = decoderOf(tensor.dtype);
  if (decode === undefined) {
    throw new Error(`Values of type ${tensor.dtype} are not read.`);
  }
  const statistics = new RunningStatistics();
  for await (const bytes of piecesOf(source, tensor, signal)) {
    statistics.add(decode(bytes));
    onBytes(bytes.length);
  }
  return statistics.result();
}

export interface Change {
  /** ‖w − v‖² and ‖v‖², v being the other's values. */
  readonly difference: number;
  readonly norm: number;
  readonly same: boolean;
}

/** How far a tensor's values are from another's of the same shape. Values that are not finite in one alone make it NaN. */
export async function changeOf(here: CheckpointSource, tensor: Tensor, there: CheckpointSource, other: Tensor, onBytes: (bytes: number) => void, signal?: AbortSignal): Promise<Change> {
  const [decode, decodeOther] = [decoderOf(tensor.dtype), decoderOf(other.dtype)];
  if (decode === undefined || decodeOther === undefined) {
    throw new Error(`Values of type ${tensor.dtype} are not read.`);
  }
  let [difference, norm, same] = [0, 0, tensor.dtype === other.dtype];
  const others = numbersOf(there, other, decodeOther, signal);
  const mine = piecesOf(here, tensor, signal);
  let rest: Float64Array = new Float64Array(0);
  for await (const bytes of mine) {
    let values = decode(bytes);
    onBytes(bytes.length);
    while (values.length > 0) {
      if (rest.length === 0) {
        const next = await others.next();
        if (next.done === true) {
          throw new Error(`${other.name} has fewer values.`);
        }
        rest = next.value;
      }
      const count = Math.min(values.length, rest.length);
      for (let at = 0; at < count; at++) {
        const [one, two] = [values[at] ?? NaN, rest[at] ?? NaN];
        if (one !== two && !(Number.isNaN(one) && Number.isNaN(two))) {
          difference += (one - two) ** 2;
          same = false;
        }
        norm += Number.isFinite(two) ? two * two : 0;
      }
      values = values.subarray(count);
      rest = rest.subarray(count);
    }
  }
  return { difference, norm, same };
}

async function* numbersOf(source: CheckpointSource, tensor: Tensor, decode: (bytes: Buffer) => Float64Array, signal?: AbortSignal): AsyncGenerator<Float64Array, undefined> {
  for await (const bytes of piecesOf(source, tensor, signal)) {
    yield decode(bytes);
  }
  return undefined;
}
