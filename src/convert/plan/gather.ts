import { statSync, type BigIntStats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { OrderedDelivery } from '../../base/orderedDelivery.ts';
import type { Container, Media, MediaKind } from '../../media/media.ts';
import type { ProbeOptions, Prober } from '../../media/probe.ts';
import type { Toolbox } from '../../process/foundTool.ts';
import type { OptionValues } from '../../recipe/option.ts';
import type { Preset } from '../preset.ts';
import type { Draft } from './draft.ts';
import type { EngineChooser } from './engineChoice.ts';
import { estimatedCost } from './estimatedCost.ts';
import type { FileSet } from './fileSet.ts';
import { problemOf, type Finding, type FoundFile } from './inputs.ts';
import { kindByName } from './kindByName.ts';
import type { DoneBefore, Namer } from './namer.ts';
import { toolKey } from './toolKey.ts';

export interface GatherSetup {
  readonly preset: Preset;
  /** Resolved. */
  readonly options: OptionValues;
  readonly chooser: EngineChooser;
  readonly tools: Toolbox;
  readonly namer: Namer;
  readonly prober: Prober;
  readonly probeOptions: ProbeOptions;
  readonly files: FileSet;
  readonly onDraft: (draft: Draft) => void;
  /** Told now and then how many files were looked at. */
  readonly onProgress?: ((files: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Files that became no item. */
export interface Unplanned {
  /** Of kinds that the preset does not take. */
  readonly otherKinds: number;
  /** Further names of files that are in the plan. */
  readonly duplicates: number;
}

/** What has no content to be told by: then the name says whether somebody misses it. */
const NOTHING_TO_READ: ReadonlySet<Container> = new Set(['empty', 'gitLfsPointer', 'unknown']);

const KIND_WORDS: Readonly<Record<MediaKind, string>> = {
  audio: 'audio',
  video: 'video',
  image: 'a picture',
  text: 'text',
  sensor: 'sensor data',
  other: 'no media',
};

/** Probes that cannot be done at once: library readers and processes of ffprobe. */
const SLOW_PROBES = 4;
const WAITING = 512;
/** Files after which others get a turn. */
const TURN = 256;

type Stats = Pick<BigIntStats, 'size' | 'mtimeNs'>;

/** A file looked at. */
type Look =
  | { readonly kind: 'media'; readonly file: FoundFile; readonly stats: Stats; readonly media: Media }
  | { readonly kind: 'done'; readonly file: FoundFile; readonly stats: Stats; readonly before: DoneBefore }
  | { readonly kind: 'problem'; readonly path: string; readonly size: number; readonly problem: string; readonly file?: FoundFile };

/** Looks at every file that was found and drafts the items of the plan, in order. */
export async function gather(batches: AsyncIterable<readonly Finding[]>, setup: GatherSetup): Promise<Unplanned> {
  const gatherer = new Gatherer(setup);
  const delivery = new OrderedDelivery<Look>({ running: SLOW_PROBES, waiting: WAITING }, (look) => gatherer.draft(look));
  let count = 0;
  for await (const findings of batches) {
    for (const finding of findings) {
      const look = gatherer.look(finding);
      if (look !== undefined) {
        const full = delivery.push(look);
        if (full !== undefined) {
          await full;
        }
      }
      if (++count % TURN === 0) {
        await setImmediate();
        setup.signal?.throwIfAborted();
        setup.onProgress?.(count);
      }
    }
  }
  await delivery.end();
  setup.onProgress?.(count);
  return gatherer;
}

class Gatherer implements Unplanned {
  otherKinds = 0;
  duplicates = 0;

  constructor(private readonly setup: GatherSetup) {}

  /** What a file is; undefined where it was seen before under another name. */
  look(finding: Finding): Look | Promise<Look> | undefined {
    const { path } = finding;
    if ('problem' in finding) {
      return { kind: 'problem', path, size: 0, problem: finding.problem };
    }
    const { files, prober, namer, chooser, preset, tools } = this.setup;
    let size = 0;
    try {
      const stats = statSync(path, { bigint: true });
      size = Number(stats.size);
      if (stats.isDirectory()) {
        return { kind: 'problem', path, size: 0, problem: withRow('is a folder', finding) };
      }
      if (!files.add(stats)) {
        this.duplicates++;
        return undefined;
      }
      const before = chooser.first && namer.doneBefore(path, stampOf(stats), toolKey(preset, chooser.first.engine, tools));
      if (before !== undefined) {
        return { kind: 'done', file: finding, stats, before };
      }
      const media = prober.probeFast(path);
      return media === undefined ? this.lookDeeper(finding, stats) : { kind: 'media', file: finding, stats, media };
    } catch (error) {
      return { kind: 'problem', path, size, problem: withRow(problemOf(error, path), finding), file: finding };
    }
  }

  draft(look: Look): void {
    switch (look.kind) {
      case 'problem':
        this.draftProblem(look);
        break;
      case 'done':
        this.draftDone(look);
        break;
      case 'media':
        this.draftMedia(look);
        break;
    }
  }

  private async lookDeeper(file: FoundFile, stats: Stats): Promise<Look> {
    const { prober, probeOptions, signal } = this.setup;
    try {
      return { kind: 'media', file, stats, media: await prober.probe(file.path, probeOptions) };
    } catch (error) {
      signal?.throwIfAborted();
      return { kind: 'problem', path: file.path, size: Number(stats.size), problem: withRow(problemOf(error, file.path), file), file };
    }
  }

  private draftProblem({ path, size, problem, file }: Extract<Look, { kind: 'problem' }>): void {
    if (file !== undefined && !file.isNamed && !this.isOfOurKind(path)) {
      this.otherKinds++;
      return;
    }
    this.setup.onDraft({ input: path, size, refused: problem });
  }

  private draftDone({ file, stats, before }: Extract<Look, { kind: 'done' }>): void {
    const { namer, chooser, onDraft } = this.setup;
    const input = file.path;
    const stamp = stampOf(stats);
    const { shape, name, salvaged } = before;
    const named = namer.add({ input, stamp, shape }, name);
    const size = Number(stats.size);
    if ('refused' in named) {
      onDraft({ input, size, refused: named.refused });
    } else if (chooser.first) {
      const { engine } = chooser.first;
      const done = { name, salvaged };
      onDraft({ input, size, stamp, cost: 0, engine, ...(shape !== undefined && { shape }), row: named.row, done });
    }
  }

  private draftMedia({ file, stats, media }: Extract<Look, { kind: 'media' }>): void {
    const { preset, options, chooser, namer, onDraft } = this.setup;
    const input = file.path;
    const size = Number(stats.size);
    if (!preset.kinds.includes(media.kind)) {
      this.draftOtherKind(file, media);
      return;
    }
    const choice = chooser.choose(media);
    if ('refused' in choice) {
      onDraft({ input, size, refused: choice.refused });
      return;
    }
    const output = preset.output(media, options);
    const shape = output.kind === 'file' ? output.extension : undefined;
    const stamp = stampOf(stats);
    const named = namer.add({ input, stamp, shape });
    onDraft(
      'refused' in named
        ? { input, size, refused: named.refused }
        : { input, size, stamp, cost: estimatedCost(media), engine: choice.engine, ...(shape !== undefined && { shape }), row: named.row },
    );
  }

  private draftOtherKind(file: FoundFile, { kind, container, size, problems }: Media): void {
    const isTold = file.isNamed || (NOTHING_TO_READ.has(container) && this.isOfOurKind(file.path));
    if (!isTold) {
      this.otherKinds++;
      return;
    }
    const [problem] = problems;
    const words = container === 'unknown' ? 'its bytes are of no format that is known here' : `it is ${KIND_WORDS[kind]} (${container})`;
    this.setup.onDraft({ input: file.path, size, refused: withRow(problem ?? `${words}, and this preset takes ${this.kindWords}`, file) });
  }

  private get kindWords(): string {
    return this.setup.preset.kinds.map((kind) => KIND_WORDS[kind]).join(' and ');
  }

  private isOfOurKind(path: string): boolean {
    const kind = kindByName(path);
    return kind !== undefined && this.setup.preset.kinds.includes(kind);
  }
}

function stampOf({ size, mtimeNs }: Stats): string {
  return `${size}:${mtimeNs}`;
}

function withRow(problem: string, { row }: FoundFile): string {
  return row === undefined ? problem : `${problem} (${row})`;
}
