import { createTextHash } from '../../base/hash.ts';
import { createProber, type ProbeOptions, type Prober } from '../../media/probe.ts';
import type { Toolbox } from '../../process/foundTool.ts';
import type { ToolState } from '../../process/toolSearch.ts';
import type { ConvertRequest, LeftOut, PlanItem } from '../job.ts';
import type { Ledger } from '../ledger.ts';
import type { OptionValues } from '../../recipe/option.ts';
import type { Preset } from '../preset.ts';
import { clashesIn } from './clashes.ts';
import { Decider } from './decider.ts';
import { DraftFile } from './draft.ts';
import { createEngineChooser } from './engineChoice.ts';
import { FileSet } from './fileSet.ts';
import { gather } from './gather.ts';
import { expandInputs, type Finding, type PassedOver } from './inputs.ts';
import { KnownOutputs, type IsOurs } from './knownOutputs.ts';
import { Namer } from './namer.ts';
import { NameTable } from './nameTable.ts';
import type { Layout } from './outputNames.ts';
import { recipeKey } from './recipe.ts';

export interface PlanSetup {
  readonly request: Pick<ConvertRequest, 'inputs' | 'imageEngine' | 'only'>;
  readonly preset: Preset;
  /** Resolved. */
  readonly options: OptionValues;
  readonly layout: Layout;
  readonly tools: Toolbox;
  readonly states: readonly ToolState[];
  /** Of the layout's output folder. */
  readonly ledger: Ledger;
  /** The job store's folder. */
  readonly store: string;
  /** Absolute path of a file that may be made and is removed again. */
  readonly scratch: string;
  /** Runs ffprobe's plans, for what only ffprobe knows. */
  readonly ffprobe?: ProbeOptions['ffprobe'];
  /** How a recipe finds its inputs; left out, the request's are followed. */
  readonly findings?: (found: FindingSetup) => AsyncGenerator<readonly Finding[]>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PlanProgress) => void;
}

export interface FindingSetup {
  readonly prober: Prober;
  readonly probeOptions: ProbeOptions;
  readonly oursUnder: (root: string) => Promise<IsOurs | undefined>;
  readonly passedOver: PassedOver;
  readonly signal?: AbortSignal | undefined;
}

export interface PlanProgress {
  /** Files looked at so far. */
  readonly files: number;
}

/**
 * The plan of a job, item by item, in the order of its inputs. First everything is looked at, as only then all names are known;
 * what is held in memory meanwhile is about 45 bytes a file. Nothing is written but the scratch file. What is wrong with a single
 * file is an item that is refused; throws the signal's reason on an abort, and the system's error where the scratch file cannot be
 * written. Returns what is left out.
 */
export async function* makePlan(setup: PlanSetup): AsyncGenerator<PlanItem, LeftOut> {
  const { preset, options, layout, ledger, signal, onProgress } = setup;
  const passedOver = { unfollowed: 0, ownOutputs: 0 };
  const files = new FileSet();
  const prober = createProber();
  const recipe = recipeKey(preset, options);
  const table = new NameTable(await createTextHash(), layout.output);
  const namer = new Namer({ layout, ledger, table, recipe });
  const known = new KnownOutputs(setup.store, { output: layout.output, ledger });
  const chooser = createEngineChooser({ ...setup, imageEngine: setup.request.imageEngine });
  const drafts = new DraftFile(setup.scratch);
  try {
    const probeOptions: ProbeOptions = { ...(setup.ffprobe && { ffprobe: setup.ffprobe }), ...(signal && { signal }) };
    const found: FindingSetup = { prober, probeOptions, oursUnder: (root) => known.under(root), passedOver, signal };
    const findings = setup.findings?.(found) ?? expandInputs({ inputs: setup.request.inputs, ...found });
    const { otherKinds, duplicates } = await gather(findings, {
      preset, options, chooser, namer, prober, files, signal,
      tools: setup.tools,
      probeOptions,
      onDraft: (draft) => drafts.add(draft),
      onProgress: (count) => onProgress?.({ files: count }),
    });
    const clashes = table.settle() ? await clashesIn(drafts, table) : undefined;
    const decider = new Decider({ ...setup, recipe, files, namer, table, clashes });
    const only = setup.request.only && new Set(setup.request.only);
    let seq = 0;
    for await (const block of drafts.read()) {
      signal?.throwIfAborted();
      for (const draft of block) {
        if (only === undefined || only.has(draft.input)) {
          yield decider.decide(draft, seq++);
        }
      }
    }
    return { otherKinds, duplicates, ...passedOver };
  } finally {
    drafts.remove();
  }
}
