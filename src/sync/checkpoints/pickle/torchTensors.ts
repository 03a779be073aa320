import { shortDtype, storageDtype } from '../dtypes.ts';
import { PersistentId, PickleGlobal, PickleList, PickleObject, entriesOf, itemsOf, qualifiedName, shapeOf, wholeNumber } from './pickleValue.ts';
import type { PickleValue } from './pickleValue.ts';

/** A tensor as `torch.save` describes it. */
export interface PickledTensor {
  /** Keys and indices that lead to it. */
  readonly path: readonly string[];
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly storage: PickledStorage | undefined;
  /** In elements, into its storage. */
  readonly offset: number;
  /** Its values lie one after another, in the order of its shape. */
  readonly contiguous: boolean;
}

export interface PickledStorage {
  readonly key: string;
  readonly dtype: string;
  /** Elements. */
  readonly count: number;
}

const MAX_DEPTH = 200;
const MAX_NODES = 5_000_000;
/** A parameter wraps a tensor, which may be of a class of its own; nothing wraps more. */
const MAX_WRAPPERS = 8;

/** Every tensor of a pickled value, each once. */
export function tensorsOf(value: PickleValue): readonly PickledTensor[] {
  const found: PickledTensor[] = [];
  const seen = new Set<PickleValue>();
  let nodes = 0;
  const walk = (at: PickleValue, path: readonly string[], depth: number) => {
    // A pickle may hold itself, and the same part many times over; not every level of it adds to the path.
    if (typeof at !== 'object' || at === null || Buffer.isBuffer(at) || seen.has(at) || depth > MAX_DEPTH || ++nodes > MAX_NODES) {
      return;
    }
    seen.add(at);
    const tensor = tensorOf(at);
    if (tensor) {
      found.push({ ...tensor, path });
      return;
    }
    for (const [key, inner] of entriesOf(at)) {
      walk(inner, [...path, keyText(key)], depth + 1);
    }
    itemsOf(at).forEach((inner, index) => walk(inner, [...path, String(index)], depth + 1));
    if (at instanceof PickleObject) {
      walkObject(at, path, depth + 1);
    }
  };
  const walkObject = (at: PickleObject, path: readonly string[], depth: number) => {
    if (at.state !== undefined && at.state !== null) {
      // A pickled module keeps its parts in its attributes: their names are no part of a tensor's.
      for (const [key, inner] of entriesOf(at.state)) {
        walk(inner, ['_parameters', '_buffers', '_modules'].includes(keyText(key)) ? path : [...path, keyText(key)], depth);
      }
      walk(at.state, path, depth);
    }
    walk(at.args, path, depth);
  };
  walk(value, [], 0);
  return found;
}

function keyText(key: PickleValue): string {
  return typeof key === 'string' ? key : typeof key === 'number' || typeof key === 'bigint' ? String(key) : '?';
}

/** What rebuilds it, by torch/_utils.py, of itself or of what it is wrapped in `depth` times at most. */
function tensorOf(value: PickleValue, depth = MAX_WRAPPERS): Omit<PickledTensor, 'path'> | undefined {
  if (!(value instanceof PickleObject) || depth === 0) {
    return undefined;
  }
  const args = itemsOf(value.args);
  switch (qualifiedName(value)) {
    case 'torch._utils._rebuild_parameter':
    case 'torch._utils._rebuild_parameter_with_state':
      return args[0] === undefined ? undefined : tensorOf(args[0], depth - 1);
    case 'torch._tensor._rebuild_from_type_v2': {
      const [rebuild, , inner] = args;
      return rebuild !== undefined && inner !== undefined ? tensorOf(new PickleObject(rebuild, inner), depth - 1) : undefined;
    }
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2':
    case 'torch._utils._rebuild_qtensor':
      return storedTensor(args[0], args[1], args[2], args[3], undefined);
    case 'torch._utils._rebuild_tensor_v3':
      return storedTensor(args[0], args[1], args[2], args[3], args[6]);
    case 'torch._utils._rebuild_meta_tensor_no_storage': {
      const shape = shapeOf(args[1]);
      return shape && { dtype: dtypeOf(args[0]) ?? '?', shape, storage: undefined, offset: 0, contiguous: false };
    }
    default:
      return undefined;
  }
}

function storedTensor(reference: PickleValue | undefined, offset: PickleValue | undefined, size: PickleValue | undefined, stride: PickleValue | undefined, type: PickleValue | undefined): Omit<PickledTensor, 'path'> | undefined {
  const storage = storageOf(reference);
  const shape = shapeOf(size);
  if (storage === undefined || shape === undefined) {
    return undefined;
  }
  return { dtype: dtypeOf(type) ?? storage.dtype, shape, storage, offset: wholeNumber(offset) ?? 0, contiguous: isContiguous(shape, shapeOf(stride)) };
}

/** `('storage', torch.FloatStorage, '0', 'cpu', 12)`. */
export function storageOf(reference: PickleValue | undefined): PickledStorage | undefined {
  const [kind, type, key, , count] = reference instanceof PersistentId && reference.id instanceof PickleList ? reference.id.items : [];
  const dtype = type instanceof PickleGlobal ? storageDtype(type.name) : undefined;
  const elements = wholeNumber(count);
  return kind === 'storage' && (typeof key === 'string' || typeof key === 'number') && elements !== undefined && elements >= 0
    ? { key: String(key), dtype: dtype ?? '?', count: elements }
    : undefined;
}

/** Of `torch.float32`, which is pickled as a global. */
export function dtypeOf(value: PickleValue | undefined): string | undefined {
  return value instanceof PickleGlobal && value.module === 'torch' ? shortDtype(value.name) : undefined;
}

function isContiguous(shape: readonly number[], stride: readonly number[] | undefined): boolean {
  let expected = 1;
  for (let at = shape.length - 1; at >= 0; at--) {
    if ((shape[at] ?? 0) > 1 && stride?.[at] !== expected) {
      return false;
    }
    expected *= shape[at] ?? 1;
  }
  return true;
}
