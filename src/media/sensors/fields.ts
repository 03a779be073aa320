import type { Decoded } from './decoding/decoder.ts';

/** How a number in a message is reached: `linear_acceleration.x`, `position[2]`. */
export interface FieldPath {
  readonly label: string;
  readonly steps: readonly (string | number)[];
}

/** Elements of a list that are fields of their own, and fields of a message. */
const MAX_ELEMENTS = 64;
const MAX_FIELDS = 512;
const MAX_DEPTH = 12;

/** The numeric fields of a message, in its order. Times count as one number: their seconds. */
export function numericFields(message: Decoded): readonly FieldPath[] {
  const fields: FieldPath[] = [];
  const visit = (value: unknown, label: string, steps: readonly (string | number)[]) => {
    if (fields.length >= MAX_FIELDS || steps.length > MAX_DEPTH) {
      return;
    }
    if (isNumber(value) || isTime(value)) {
      fields.push({ label, steps });
    } else if (isList(value)) {
      for (let index = 0; index < Math.min(value.length, MAX_ELEMENTS); index++) {
        visit(value[index], `${label}[${index}]`, [...steps, index]);
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        visit(inner, label === '' ? name : `${label}.${name}`, [...steps, name]);
      }
    }
  };
  visit(message, '', []);
  return fields;
}

/** The number at a path; NaN where there is none. */
export function numberAt(message: Decoded, steps: readonly (string | number)[]): number {
  let value: unknown = message;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
      return NaN;
    }
    value = (value as Record<string | number, unknown>)[step];
  }
  return isTime(value) ? Number(value.sec) + Number(value.nsec ?? value.nanosec ?? 0) / 1e9 : isNumber(value) ? Number(value) : NaN;
}

/** `a.b[2]` as steps; names may hold any letters but dots and brackets. */
export function parseFieldPath(label: string): readonly (string | number)[] {
  return [...label.matchAll(/\[(\d{1,9})\]|([^.[\]]+)/g)].map(([, index, name]) => (index === undefined ? (name ?? '') : Number(index)));
}

function isNumber(value: unknown): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

function isTime(value: unknown): value is { readonly sec: number; readonly nsec?: number; readonly nanosec?: number } {
  return typeof value === 'object' && value !== null && 'sec' in value && ('nsec' in value || 'nanosec' in value) && Object.keys(value).length === 2;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}
