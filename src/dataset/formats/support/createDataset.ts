import type { Measured } from '../../../base/absent.ts';
import { createBreather } from '../../../base/breather.ts';
import type { Problem } from '../../../media/problem.ts';
import type { Dataset } from '../../format.ts';
import type { Annotation, Sample } from '../../sample.ts';

/** A sample that does not know yet how many come before it. */
export type Draft = Omit<Sample, 'index'>;

/** A stretch of a dataset's samples: one manifest, one shard, one split. */
export interface Part {
  readonly count: number;
  at(index: number): Promise<Draft | undefined>;
  read(from: number, signal?: AbortSignal): AsyncIterable<Draft>;
  close?(): void;
}

export interface DatasetParts {
  readonly format: string;
  readonly parts: readonly Part[];
  readonly splits?: readonly string[];
  /** Where it is not the parts' sum. */
  readonly count?: Measured<number>;
  readonly annotations?: (file: string) => Promise<readonly Annotation[]>;
  readonly check: (tell: (problem: Problem) => void, signal: AbortSignal | undefined, full: boolean) => Promise<void>;
  readonly close?: () => void;
}

/** A dataset whose samples are those of its parts, one after the other. */
export function createDataset({ format, parts, splits = [], count, annotations, check, close }: DatasetParts): Dataset {
  const starts = parts.map((_, number) => parts.slice(0, number).reduce((sum, part) => sum + part.count, 0));
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  return {
    format,
    count: count ?? total,
    splits,
    async *samples({ from = 0, signal } = {}) {
      const breathe = createBreather(signal);
      for (const [number, part] of parts.entries()) {
        const start = starts[number] ?? 0;
        if (from >= start + part.count) {
          continue;
        }
        let index = Math.max(from, start);
        for await (const draft of part.read(index - start, signal)) {
          await breathe();
          yield { ...draft, index: index++ };
        }
      }
    },
    async at(index) {
      const number = starts.findLastIndex((start) => start <= index);
      const part = parts[number];
      const start = starts[number];
      const draft = part !== undefined && start !== undefined && index - start < part.count ? await part.at(index - start) : undefined;
      return draft && { ...draft, index };
    },
    ...(annotations && { annotations }),
    check: async (tell, options) => check(tell, options?.signal, options?.full ?? false),
    close() {
      for (const part of parts) {
        part.close?.();
      }
      close?.();
    },
  };
}

/** Names in the order in which they come first. */
export function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}
