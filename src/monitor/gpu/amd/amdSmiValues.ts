import { JsonPieces, membersOf } from '../jsonPieces.ts';
import { plainText } from '../quantity.ts';
import { parseCsvLine } from './csv.ts';

/** What amd-smi tells of one GPU: `gfx_0_clk`, whichever of its three ways of writing it was asked for. */
export type AmdSmiValues = ReadonlyMap<string, string>;

const MOST_GPUS = 1024;
/** Nothing that it tells lies deeper. */
const DEEPEST = 8;

/** By the number of the GPU. Where one is told of more than once, as `--watch` does, the last counts. */
export function amdSmiValues(text: string): ReadonlyMap<number, AmdSmiValues> {
  const plain = plainText(text);
  const fromJson = jsonValues(plain);
  if (fromJson.size > 0) {
    return fromJson;
  }
  const fromCsv = csvValues(plain);
  return fromCsv.size > 0 ? fromCsv : listValues(plain);
}

/** The objects of GPUs in `amd-smi … --json`: alone, in an array, or since ROCm 7 in the array `gpu_data` of an object. */
export function amdSmiObjects(text: string): readonly Readonly<Record<string, unknown>>[] {
  return new JsonPieces().push(plainText(text)).flatMap((object) => {
    const members = membersOf(object);
    return (Array.isArray(members.gpu_data) ? members.gpu_data : [members]).map(membersOf);
  });
}

export function gpuIndex(value: unknown): number | undefined {
  const index = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value;
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < MOST_GPUS ? index : undefined;
}

function jsonValues(text: string): Map<number, AmdSmiValues> {
  const gpus = new Map<number, AmdSmiValues>();
  for (const object of amdSmiObjects(text)) {
    const index = gpuIndex(object.gpu);
    if (index !== undefined) {
      const values = new Map<string, string>();
      // Sections (`usage`, `power`) are no part of a name: CSV does not have them.
      for (const [section, value] of Object.entries(object)) {
        flatten(values, Array.isArray(value) || !isGroup(value) ? section : '', value, 0);
      }
      gpus.set(index, values);
    }
  }
  return gpus;
}

function flatten(values: Map<string, string>, name: string, value: unknown, depth: number): void {
  if (isGroup(value) && depth < DEEPEST) {
    for (const [key, member] of Object.entries(value as object)) {
      flatten(values, name === '' ? key : `${name}_${key}`, member, depth + 1);
    }
    return;
  }
  // `speed` is that of the link first, and then that of the fan.
  if (!values.has(name)) {
    values.set(name, Array.isArray(value) ? `[${value.map(scalar).join(', ')}]` : scalar(value));
  }
}

/** Not `{ "value": 133, "unit": "W" }`, which is one value. */
function isGroup(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('value' in value);
}

function scalar(value: unknown): string {
  const inner = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  return typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'boolean' ? String(inner) : 'N/A';
}

function csvValues(text: string): Map<number, AmdSmiValues> {
  const gpus = new Map<number, AmdSmiValues>();
  let header: readonly string[] | undefined;
  for (const line of text.split(/\r?\n|\r/)) {
    const cells = parseCsvLine(line);
    if (cells.includes('gpu') && cells.length > 1) {
      header = cells;
    } else if (header?.length === cells.length) {
      const index = gpuIndex(cells[header.indexOf('gpu')]);
      if (index !== undefined) {
        gpus.set(index, new Map(header.map((name, column) => [name, cells[column] ?? ''])));
      }
    }
  }
  return gpus;
}

/** What it prints for people: sections and values by their indentation, `GPU: 0` before each. */
function listValues(text: string): Map<number, AmdSmiValues> {
  const gpus = new Map<number, AmdSmiValues>();
  let values: Map<string, string> | undefined;
  const groups: { readonly indent: number; readonly name: string }[] = [];
  for (const line of text.split(/\r?\n|\r/)) {
    const [, blanks, key, value] = /^( *)([A-Z][A-Z0-9_ ]*?): *(.*?) *$/.exec(line) ?? [];
    if (blanks === undefined || key === undefined || value === undefined) {
      continue;
    }
    const index = blanks === '' && key === 'GPU' ? gpuIndex(value) : undefined;
    if (index !== undefined) {
      values = new Map();
      gpus.set(index, values);
      groups.length = 0;
      continue;
    }
    while ((groups.at(-1)?.indent ?? -1) >= blanks.length) {
      groups.pop();
    }
    if (value === '') {
      groups.push({ indent: blanks.length, name: key.toLowerCase() });
    } else {
      const inner = groups.slice(1).map(({ name }) => name);
      const name = [...inner, key.toLowerCase()].join('_');
      if (values?.has(name) === false) {
        values.set(name, value);
      }
    }
  }
  return gpus;
}
