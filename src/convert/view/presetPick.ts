import { formatBytes, formatCount, formatCountOf } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { PresetFit, Survey } from '../survey.ts';

export interface PickSeparator {
  readonly type: 'separator';
  readonly label: string;
}

export interface PresetEntry {
  readonly type: 'preset';
  /** The preset's id. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** A codicon's name. */
  readonly icon: string;
  /** Why it cannot run here; such an entry is there to be read. */
  readonly impossible?: string;
}

/** Something to be read in place of presets: that none fits, or what is wrong with one of the person's own. */
export interface RemarkEntry {
  readonly type: 'remark';
  readonly label: string;
  readonly description: string;
  /** A codicon's name. */
  readonly icon: string;
  /** Whether the setting with the person's own presets is what to look at. */
  readonly isSetting: boolean;
}

export type PickEntry = PickSeparator | PresetEntry | RemarkEntry;

const GROUPS = ['audio', 'video', 'image'] as const;
type Group = (typeof GROUPS)[number];

const ICONS: Readonly<Record<Group, string>> = { audio: 'unmute', video: 'play-circle', image: 'file-media' };
const NOUNS: Readonly<Record<string, readonly [string, string]>> = {
  audio: ['audio file', 'audio files'],
  video: ['video', 'videos'],
  image: ['picture', 'pictures'],
  text: ['text file', 'text files'],
  sensor: ['sensor file', 'sensor files'],
  other: ['other file', 'other files'],
};

/** Ids of a person's own presets begin with this. */
export const CUSTOM_PREFIX = 'custom.';

export interface PickContext {
  /** Ids of presets, the last used first. */
  readonly recent: readonly string[];
  /** What is wrong with the person's own presets. */
  readonly faults: readonly string[];
  /** Whether nothing more will be looked at: of very many files, only the first are. */
  readonly isOver: boolean;
}

/**
 * The presets that fit, for the first pick: recent ones first, then by kind, then the person's own, then those that cannot run
 * here with the reason.
 */
export function presetEntries(survey: Survey, context: PickContext): readonly PickEntry[] {
  const { recent, faults, isOver } = context;
  const of = filesOf(survey, context);
  const fitting = survey.fits.filter(({ files }) => files > 0);
  const possible = fitting.filter(({ impossible }) => impossible === undefined);
  const again = recent.flatMap((id) => possible.find(({ preset }) => preset.id === id) ?? []);
  const others = possible.filter((fit) => !again.includes(fit));
  const own = others.filter(isCustom);
  const impossible = [
    ...fitting.filter((fit) => fit.impossible !== undefined).map((fit) => entryOf(fit, survey, of)),
    ...faults.map((fault): RemarkEntry => ({ type: 'remark', label: 'Your preset', description: printable(fault), icon: 'warning', isSetting: true })),
  ];
  const entries = [
    ...group('recent', again, survey, of),
    ...GROUPS.flatMap((kind) => {
      const files = survey.kinds[kind] ?? 0;
      const label = files > 0 ? `${kind} · ${formatCountOf(files, 'file')}` : kind;
      return group(label, others.filter((fit) => !isCustom(fit) && groupOf(fit, survey) === kind), survey, of);
    }),
    ...group('yours', own, survey, of),
  ];
  return [
    ...(fitting.length > 0 || !isOver ? entries : [nothingFits(survey, of)]),
    ...(impossible.length === 0 ? [] : [{ type: 'separator', label: 'not possible here' } as const, ...impossible]),
  ];
}

/** `Convert · 7 files`, with `so far` while they are looked at; `Convert · the first 2,000 files` where there are more. */
export function surveyTitle(survey: Survey | undefined, isOver: boolean): string {
  return survey === undefined ? 'Convert' : `Convert · ${filesOf(survey, { isOver })}${isOver ? '' : ' so far'}`;
}

function filesOf({ files, complete }: Survey, { isOver }: Pick<PickContext, 'isOver'>): string {
  return isOver && !complete ? `the first ${formatCountOf(files, 'file')}` : formatCountOf(files, 'file');
}

function group(label: string, fits: readonly PresetFit[], survey: Survey, of: string): readonly PickEntry[] {
  return fits.length === 0 ? [] : [{ type: 'separator', label }, ...fits.map((fit) => entryOf(fit, survey, of))];
}

/** `of`: what was looked at, in words. */
function entryOf(fit: PresetFit, survey: Survey, of: string): PresetEntry {
  const { preset, impossible } = fit;
  const base = { type: 'preset', id: preset.id, label: preset.title } as const;
  if (impossible !== undefined) {
    return { ...base, icon: 'warning', description: impossible, impossible };
  }
  const counts = fit.files === survey.files ? of : `${formatCount(fit.files)} of ${of}`;
  const icon = isCustom(fit) ? 'bookmark' : ICONS[groupOf(fit, survey)];
  return { ...base, icon, description: [counts, formatBytes(fit.bytes), preset.summary].filter(Boolean).join(' · ') };
}

function nothingFits(survey: Survey, of: string): RemarkEntry {
  const found = Object.entries(survey.kinds).flatMap(([kind, files]) => {
    const [one, many] = NOUNS[kind] ?? [kind, kind];
    return files > 0 ? [formatCountOf(files, one, many)] : [];
  });
  return {
    type: 'remark',
    label: survey.files === 0 ? 'No files here' : `No preset fits ${survey.complete ? 'these files' : of}`,
    description: found.length > 0 ? `found ${found.join(', ')}` : 'names with a leading dot are left out',
    icon: 'info',
    isSetting: false,
  };
}

function isCustom({ preset }: PresetFit): boolean {
  return preset.id.startsWith(CUSTOM_PREFIX);
}

/** The kind that a preset is listed under: the one that its id names, or its first that was found. */
function groupOf({ preset }: PresetFit, survey: Survey): Group {
  const named = GROUPS.find((kind) => preset.id.startsWith(`${kind}.`));
  const found = GROUPS.find((kind) => preset.kinds.includes(kind) && (survey.kinds[kind] ?? 0) > 0);
  return named ?? found ?? 'audio';
}
