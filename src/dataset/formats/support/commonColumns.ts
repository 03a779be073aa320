import type { Draft } from './createDataset.ts';
import { text, word } from './manifests.ts';
import type { RowValue } from './rows.ts';

const TEXTS = ['text', 'caption', 'transcription', 'transcript', 'sentence', 'prompt', 'description', 'title', 'name', 'additional_feature'];
const LABELS = ['label', 'labels', 'class', 'category', 'target'];
const SPEAKERS = ['speaker', 'speaker_id', 'client_id'];

/** What columns under their usual names say of a row. */
export function commonColumns(value: RowValue): Pick<Draft, 'labels' | 'text' | 'speaker' | 'split' | 'statedDuration'> {
  const firstOf = (keys: readonly string[], take: (cell: unknown) => string | undefined): string | undefined => keys.map((key) => take(value[key])).find((found) => found !== undefined);
  const words = firstOf(TEXTS, text);
  const speaker = firstOf(SPEAKERS, word);
  const split = word(value.split);
  const duration = typeof value.duration === 'string' && value.duration.trim() !== '' ? Number(value.duration) : value.duration;
  return {
    labels: LABELS.flatMap((key) => (Array.isArray(value[key]) ? (value[key] as unknown[]) : [value[key]]).flatMap((label) => word(label) ?? [])),
    ...(words !== undefined && { text: words }),
    ...(speaker !== undefined && { speaker }),
    ...(split !== undefined && { split }),
    ...(typeof duration === 'number' && Number.isFinite(duration) && { statedDuration: duration }),
  };
}
