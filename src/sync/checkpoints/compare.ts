import type { Inspection, Tensor } from '../checkpoint.ts';

export type Difference = 'alike' | 'shape' | 'dtype' | 'onlyHere' | 'onlyThere';

export interface TensorDifference {
  readonly name: string;
  /** `alike`: of one shape and type; whether of one content, nobody has looked. */
  readonly kind: Difference;
  readonly here?: Tensor;
  readonly there?: Tensor;
}

/** Compares names, shapes and types, in the order of the first, what is only in the second after it. */
export function compareTensors(here: Pick<Inspection, 'tensors'>, there: Pick<Inspection, 'tensors'>): readonly TensorDifference[] {
  const others = new Map(there.tensors.map((tensor) => [tensor.name, tensor]));
  const seen = new Set(here.tensors.map(({ name }) => name));
  return [
    ...here.tensors.map((tensor): TensorDifference => {
      const other = others.get(tensor.name);
      return other === undefined ? { name: tensor.name, kind: 'onlyHere', here: tensor } : { name: tensor.name, kind: kindOf(tensor, other), here: tensor, there: other };
    }),
    ...there.tensors.filter(({ name }) => !seen.has(name)).map((tensor): TensorDifference => ({ name: tensor.name, kind: 'onlyThere', there: tensor })),
  ];
}

function kindOf(one: Tensor, other: Tensor): Difference {
  if (one.shape.length !== other.shape.length || one.shape.some((size, index) => size !== other.shape[index])) {
    return 'shape';
  }
  return one.dtype === other.dtype ? 'alike' : 'dtype';
}

export function countDifferences(differences: readonly TensorDifference[]): Readonly<Record<Difference, number>> {
  const counts = { alike: 0, shape: 0, dtype: 0, onlyHere: 0, onlyThere: 0 };
  differences.forEach(({ kind }) => counts[kind]++);
  return counts;
}
