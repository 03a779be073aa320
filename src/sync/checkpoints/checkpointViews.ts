import { isAbsent, known } from '../../base/absent.ts';
import { formatCount } from '../../base/format.ts';
import type { ArrayStatistics } from '../../media/arrays/statistics.ts';
import type { Tensor } from '../checkpoint.ts';
import type { CheckpointView, ComparisonView, TensorRow, ValuesView } from '../webview/checkpoint/protocol.ts';
import { compareTensors } from './compare.ts';
import { dtypeBytes } from './dtypes.ts';
import { elements } from './facts.ts';
import { FORMATS } from './formats/index.ts';
import type { InspectedCheckpoint } from './inspectCheckpoint.ts';
import { isReadable } from './tensorValues.ts';
import { countWords } from './words.ts';

const MOST_ROWS = 100_000;
const MOST_FACTS = 300;

/** A checkpoint as its page shows it. */
export function viewOf({ facts, inspection }: InspectedCheckpoint): CheckpointView {
  const { path, format, state, reason, bytes, step, epoch, metrics } = facts;
  const parameters = known(facts.parameters);
  const stated: readonly (readonly [string, string])[] = [
    ...(isAbsent(step) ? [] : [['step', countWords(step)] as const]),
    ...(isAbsent(epoch) ? [] : [['epoch', countWords(epoch)] as const]),
    ...(isAbsent(metrics) ? [] : Object.entries(metrics).map(([metric, value]) => [metric, String(Number(value.toPrecision(6)))] as const)),
  ];
  const told = new Set(stated.map(([fact]) => fact));
  return {
    name: nameOf(path),
    path,
    format: FORMATS.find(({ id }) => id === format)?.title ?? format,
    state,
    reason,
    bytes,
    files: inspection.files.length,
    ...(parameters !== undefined && { parameters }),
    ...(isAbsent(facts.tensors) && { unread: facts.tensors.absent }),
    rows: inspection.tensors.slice(0, MOST_ROWS).map(rowOf),
    left: Math.max(0, inspection.tensors.length - MOST_ROWS),
    facts: [...stated, ...Object.entries(inspection.metadata).filter(([fact]) => !told.has(fact))].slice(0, MOST_FACTS),
  };
}

/** A file's name; where every model's is the same, with its folder's. */
function nameOf(path: string): string {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? path;
  return /^(?:model|pytorch_model)[.-]/.test(name) ? path.split('/').slice(-2).join('/') : name;
}

function rowOf(tensor: Tensor): TensorRow {
  const { name, dtype, shape, place } = tensor;
  const parameters = elements(tensor);
  const size = dtypeBytes(dtype);
  const bytes = size === undefined ? place?.length : parameters * size;
  return {
    name,
    dtype,
    shape,
    parameters,
    ...(bytes !== undefined && { bytes }),
    ...(place && { where: place.member === undefined ? `${place.file}, byte ${formatCount(place.offset)}` : place.file }),
    beside: tensor.beside === true,
    readable: isReadable(tensor),
  };
}

export function comparisonOf(here: InspectedCheckpoint, there: InspectedCheckpoint): ComparisonView {
  return {
    name: nameOf(there.facts.path),
    path: there.facts.path,
    rows: compareTensors(here.inspection, there.inspection)
      .slice(0, MOST_ROWS)
      .map(({ name, kind, there: other }) => ({ name, kind, ...(other && { there: `${other.dtype} [${other.shape.join(', ')}]` }) })),
  };
}

export function valuesViewOf(name: string, { count, nan, positiveInfinite, negativeInfinite, zeros, min, max, mean, deviation, histogram }: ArrayStatistics): ValuesView {
  const range = { ...(min !== undefined && { min }), ...(max !== undefined && { max }), ...(mean !== undefined && { mean }), ...(deviation !== undefined && { deviation }) };
  return { name, nan, infinite: positiveInfinite + negativeInfinite, zeros: count === 0 ? 0 : zeros / count, ...range, histogram };
}
