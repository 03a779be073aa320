import { zipBytes } from '../../media/arrays/arrayBytes.ts';
import type { Made } from './pickleBytes.ts';
import { built, global, pickleBytes, reduce, tensor, tuple } from './pickleBytes.ts';

/** `torch.save` since 1.6. */
export function torchZip(value: Made, storages: Readonly<Record<string, Uint8Array>>): Buffer {
  return zipBytes([
    { name: 'archive/data.pkl', data: pickleBytes(value) },
    { name: 'archive/byteorder', data: Buffer.from('little') },
    ...Object.entries(storages).map(([key, data]) => ({ name: `archive/data/${key}`, data })),
    { name: 'archive/version', data: Buffer.from('3\n') },
  ]);
}

const MAGIC = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');

/** `torch.save` before 1.6; the storages are of 4 bytes an element. */
export function torchLegacy(value: Made, storages: readonly (readonly [string, Uint8Array])[]): Buffer {
  const counted = storages.flatMap(([, data]) => {
    const count = Buffer.alloc(8);
    count.writeBigInt64LE(BigInt(data.length / 4));
    return [count, Buffer.from(data)];
  });
  return Buffer.concat([MAGIC, pickleBytes(1001), pickleBytes({ little_endian: true }), pickleBytes(value), pickleBytes(storages.map(([key]) => key)), ...counted]);
}

export const floats = (count: number) => new Uint8Array(new Float32Array(count).fill(0.5).buffer);

/** A model of two tensors, with an optimizer, as a trainer writes it. */
export function fullTorch(): Buffer {
  const model = { weight: tensor('0', 'FloatStorage', [4, 3]), bias: tensor('1', 'FloatStorage', [4]) };
  return torchZip({ model, optimizer: { state: { exp_avg: tensor('2', 'FloatStorage', [4, 3]) } }, epoch: 2, global_step: 300, loss: 0.75 }, { 0: floats(12), 1: floats(4), 2: floats(12) });
}

/** `.metadata` of torch.distributed.checkpoint for one tensor in one file. */
export function dcpMetadata(file: string, length: number): Buffer {
  const module = 'torch.distributed.checkpoint.metadata';
  const properties = built(global(module, 'TensorProperties'), tuple(global('torch', 'bfloat16'), 0, false, 0, false));
  return pickleBytes(
    built(global(module, 'Metadata'), {
      state_dict_metadata: { 'model.weight': built(global(module, 'TensorStorageMetadata'), { properties, size: reduce(global('torch', 'Size'), tuple(tuple(8, 2))), chunks: [] }) },
      storage_data: { index: built(global('torch.distributed.checkpoint.filesystem', '_StorageInfo'), { relative_path: file, offset: 0, length }) },
    }),
  );
}

/** GGUF version 3 with float tensors and one text. */
export function ggufBytes(tensors: Readonly<Record<string, readonly number[]>>, alignment = 32): Buffer {
  const u32 = (value: number) => Buffer.from(new Uint32Array([value]).buffer);
  const u64 = (value: number) => Buffer.from(new BigUint64Array([BigInt(value)]).buffer);
  const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
  const pad = (bytes: number) => Math.ceil(bytes / alignment) * alignment;
  let at = 0;
  const infos: Buffer[] = [];
  for (const [name, shape] of Object.entries(tensors)) {
    infos.push(text(name), u32(shape.length), ...[...shape].reverse().map(u64), u32(0), u64(at));
    at += pad(shape.reduce((one, other) => one * other, 1) * 4);
  }
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(Object.keys(tensors).length), u64(1), text('general.architecture'), u32(8), text('llama'), ...infos]);
  return Buffer.concat([head, Buffer.alloc(pad(head.length) - head.length), Buffer.alloc(at, 1)]);
}

/** `flax.serialization.to_bytes` of one float32 array and a step. */
export function flaxBytes(count: number): Buffer {
  const data = Buffer.from(floats(count));
  const inner = Buffer.concat([Buffer.from([0x93, 0x91, count]), Buffer.from([0xa7]), Buffer.from('float32'), Buffer.from([0xc4, data.length]), data]);
  return Buffer.concat([Buffer.from([0x82, 0xa6]), Buffer.from('params'), Buffer.from([0x81, 0xa1]), Buffer.from('w'), Buffer.from([0xc7, inner.length, 1]), inner, Buffer.from([0xa4]), Buffer.from('step'), Buffer.from([7])]);
}

/** A TensorFlow index (a sorted table with one block) for one float32 tensor. */
export function tensorflowIndex(name: string, shape: readonly number[], bytes: number): Buffer {
  const field = (tag: number, body: readonly number[]) => [tag, body.length, ...body];
  const dims = shape.flatMap((size) => field(0x12, [0x08, size]));
  const entry = (key: string, value: readonly number[]) => [0, key.length, value.length, ...Buffer.from(key), ...value];
  const block = Buffer.from([...entry('', [0x08, 1]), ...entry(name, [0x08, 1, ...field(0x12, dims), 0x28, bytes]), 0, 0, 0, 0, 1, 0, 0, 0]);
  const index = Buffer.from([...entry('z', [0, block.length]), 0, 0, 0, 0, 1, 0, 0, 0]);
  const trailer = Buffer.alloc(5);
  const footer = Buffer.alloc(48);
  const at = block.length + 5;
  Buffer.from([0, 0, at, index.length]).copy(footer);
  footer.writeBigUInt64LE(0xdb47_7524_8b80_fb57n, 40);
  return Buffer.concat([block, trailer, index, trailer, footer]);
}
