import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Media, MediaKind } from '../media/media.ts';
import { createProber, type Prober } from '../media/probe.ts';
import type { Toolbox } from '../process/foundTool.ts';
import type { ToolState } from '../process/toolSearch.ts';
import { resolveOptions } from './optionValues.ts';
import { createEngineChooser, type EngineChooser } from './plan/engineChoice.ts';
import { FileSet } from './plan/fileSet.ts';
import { expandInputs, type Finding } from './plan/inputs.ts';
import { KnownOutputs } from './plan/knownOutputs.ts';
import type { Preset } from './preset.ts';

/** How many of the chosen files a preset applies to; counted from headers, before any plan. */
export interface PresetFit {
  readonly preset: Preset;
  /** Files of its kinds that it does not refuse. */
  readonly files: number;
  /** Bytes of those. */
  readonly bytes: number;
  /** Why it cannot run here at all: the tool that is missing, with its install line. */
  readonly impossible?: string;
}

export interface Survey {
  /** Files looked at so far, and whether that is all of them. */
  readonly files: number;
  readonly complete: boolean;
  readonly kinds: Readonly<Partial<Record<MediaKind, number>>>;
  readonly fits: readonly PresetFit[];
}

export interface SurveySetup {
  /** Absolute paths of files, folders and manifests. */
  readonly inputs: readonly string[];
  readonly presets: readonly Preset[];
  readonly tools: Toolbox;
  readonly states: readonly ToolState[];
  /** The job store's folder, by whose ledgers outputs of earlier jobs are known: those in folders are not counted. */
  readonly store?: string;
  readonly signal?: AbortSignal;
  readonly bounds?: Partial<SurveyBounds>;
}

export interface SurveyBounds {
  /** Files that are looked at, at most. */
  readonly files: number;
  /** Milliseconds after which no further file is looked at. */
  readonly ms: number;
  /** Milliseconds between two snapshots. */
  readonly every: number;
}

const BOUNDS: SurveyBounds = { files: 2000, ms: 1500, every: 100 };

/** Files after which others get a turn. */
const TURN = 64;

/**
 * What the inputs hold and which presets apply, as far as is known, again and again; the last snapshot is complete unless there
 * were more files than the bounds allow. Files that cannot be read are passed over. An abort rejects with the signal's reason.
 */
export async function* survey(setup: SurveySetup): AsyncGenerator<Survey, void> {
  const { inputs, signal } = setup;
  const bounds = { ...BOUNDS, ...setup.bounds };
  const start = performance.now();
  let shown = start;
  const prober = createProber();
  const count = new Count(setup, prober);
  const passedOver = { unfollowed: 0, ownOutputs: 0 };
  const known = setup.store === undefined ? undefined : new KnownOutputs(setup.store);
  const findingsOf = expandInputs({ inputs, prober, passedOver, signal, ...(known && { oursUnder: (root) => known.under(root) }) });
  for await (const findings of findingsOf) {
    for (const [index, finding] of findings.entries()) {
      if (count.files >= bounds.files || performance.now() - start > bounds.ms) {
        yield count.snapshot(false);
        return;
      }
      await count.add(finding);
      if (index % TURN === TURN - 1) {
        await setImmediate();
        signal?.throwIfAborted();
      }
      if (performance.now() - shown > bounds.every) {
        shown = performance.now();
        yield count.snapshot(false);
      }
    }
  }
  signal?.throwIfAborted();
  yield count.snapshot(true);
}

interface Tally {
  readonly preset: Preset;
  readonly chooser: EngineChooser;
  readonly refuses: (media: Media) => boolean;
  files: number;
  bytes: number;
}

class Count {
  files = 0;
  private readonly seen = new FileSet();
  private readonly kinds: Partial<Record<MediaKind, number>> = {};
  private readonly tallies: readonly Tally[];

  constructor(
    { presets, tools, states }: SurveySetup,
    private readonly prober: Prober,
  ) {
    this.tallies = presets.map((preset) => tallyOf(preset, tools, states));
  }

  async add(finding: Finding): Promise<void> {
    if ('problem' in finding) {
      return;
    }
    let media: Media;
    try {
      if (!this.seen.add(statSync(finding.path, { bigint: true }))) {
        return;
      }
      media = this.prober.probeFast(finding.path) ?? (await this.prober.probe(finding.path));
    } catch {
      return; // Gone, or not readable: the plan will say so.
    }
    this.files++;
    this.kinds[media.kind] = (this.kinds[media.kind] ?? 0) + 1;
    for (const tally of this.tallies) {
      if (tally.preset.kinds.includes(media.kind) && !tally.refuses(media)) {
        tally.files++;
        tally.bytes += media.size;
      }
    }
  }

  snapshot(complete: boolean): Survey {
    const fits = this.tallies.map(({ preset, chooser: { impossible }, files, bytes }): PresetFit => ({
      preset, files, bytes, ...(impossible !== undefined && { impossible }),
    }));
    return { files: this.files, complete, kinds: { ...this.kinds }, fits };
  }
}

function tallyOf(preset: Preset, tools: Toolbox, states: readonly ToolState[]): Tally {
  const options = resolveOptions(preset.options, {});
  const chooser = createEngineChooser({ preset, options, imageEngine: 'auto', tools, states });
  // Of a preset that cannot run here, those that it would take: they are what the install line is worth.
  const refuses =
    chooser.impossible === undefined
      ? (media: Media) => 'refused' in chooser.choose(media)
      : (media: Media) => preset.refuse?.(media, options) !== undefined;
  return { preset, chooser, refuses, files: 0, bytes: 0 };
}
