import { known } from '../../../src/base/absent.ts';
import type { ArrayEntry } from '../../../src/media/arrays/arraySource.ts';
import { MAX_NODES, wholeOf } from '../../../src/media/arrays/arraySource.ts';
import { openArrays } from '../../../src/media/arrays/openArrays.ts';
import { createProber } from '../../../src/media/probe.ts';
import { ffprobeRunner } from '../../../src/process/ffprobeRunner.ts';
import { openRows } from '../../../src/media/rows/openRows.ts';
import { decoderOf } from '../../../src/media/sensors/decoding/decoder.ts';
import { openRecording } from '../../../src/media/sensors/openRecording.ts';
import type { Facts } from './check.ts';

/** Every array below the root: shape, type, and values as text where they are expected. */
export async function arraysOf(path: string, { arrays }: Facts): Promise<Facts> {
  const source = await openArrays(path);
  try {
    const found: Record<string, object> = {};
    const paths = Object.entries(arrays as Readonly<Record<string, { readonly values?: unknown }>>);
    for (const [name, { values }] of paths) {
      const entry = await source.entry(source.format === 'npy' ? (await entriesBelow(path))[0]?.path ?? '' : name);
      const read = values === undefined ? {} : { values: [...(await source.slice(entry, wholeOf(entry.shape))).values] };
      found[name] = { shape: entry.shape, type: entry.type.name, ...read };
    }
    return { format: source.format, problems: source.problems, arrays: found, count: (await entriesBelow(path)).length };
  } finally {
    source.close();
  }
}

async function entriesBelow(path: string): Promise<readonly ArrayEntry[]> {
  const source = await openArrays(path);
  try {
    const below = async (group: string): Promise<ArrayEntry[]> => {
      const found: ArrayEntry[] = [];
      for (const node of (await source.children(group, 0, MAX_NODES)).nodes) {
        found.push(...(node.entry === undefined ? await below(node.path) : [node.entry]));
      }
      return found;
    };
    return await below('');
  } finally {
    source.close();
  }
}

export async function recordingOf(path: string, { topics }: Facts): Promise<Facts> {
  const recording = await openRecording(path);
  try {
    const found: Record<string, object> = {};
    for (const topic of recording.topics) {
      const [times, messages]: [number[], unknown[]] = [[], []];
      const decode = (topics as Readonly<Record<string, { readonly messages?: unknown }>>)[topic.name]?.messages === undefined ? undefined : await decoderOf(topic);
      for await (const piece of recording.messages({ topics: new Set([topic.id]), from: 0, to: recording.duration }, () => undefined)) {
        for (const { time, data } of piece) {
          times.push(time);
          messages.push(decode?.(data));
        }
      }
      found[topic.name] = { type: topic.type, encoding: topic.encoding, count: topic.count, times, messages };
    }
    return { format: recording.format, problems: recording.problems, start: String(recording.start), topics: found, messages: recording.messageCount };
  } finally {
    recording.close();
  }
}

export async function rowsOf(path: string): Promise<Facts> {
  const rows = await openRows(path);
  try {
    await rows.indexed();
    const total = known(rows.count.total) ?? 0;
    const all = [];
    while (all.length < total) {
      const some = await rows.rows(all.length, 100);
      all.push(...some.map(({ values, problem }) => problem?.message ?? values));
    }
    return { form: rows.form, problems: rows.problem === undefined ? [] : [rows.problem.message], rows: all };
  } finally {
    rows.dispose();
  }
}

export async function mediaOf(path: string): Promise<Facts> {
  const prober = createProber();
  const quick = prober.probeFast(path);
  const ffprobe = quick === undefined ? await ffprobeRunner({ paths: {}, env: process.env, sharpWorker: '', never: [] }) : undefined;
  const { kind, container, duration, audio, image, problems } = quick ?? (await prober.probe(path, { ...(ffprobe && { ffprobe }) }));
  return { kind, container, duration, ...audio, ...image, problems };
}
