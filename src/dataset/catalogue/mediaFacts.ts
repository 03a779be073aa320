import { isAbsent, known, type Measured } from '../../base/absent.ts';
import type { Container, Media, MediaKind } from '../../media/media.ts';
import type { Severity } from '../../media/problem.ts';
import { kindByName } from '../../media/names.ts';
import { APPLIES } from '../filter/filterSql.ts';
import { hasRows } from './rowCounts.ts';

/** What the header of a file told, as it is stored; null where it is not known. */
export interface StoredFacts {
  readonly kind: MediaKind;
  readonly container: string;
  readonly size: number;
  readonly applies: number;
  readonly duration: number | null;
  readonly rate: number | null;
  readonly channels: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  readonly codec: string | null;
  readonly rows: number | null;
  readonly severity: Severity | null;
  readonly health: string | null;
}

const HOLDS_NOTHING = new Set<Container>(['empty', 'gitLfsPointer']);

/** The columns that are asked of a kind as long as no file of it was looked at. */
export const APPLIES_TO_KIND: Readonly<Record<MediaKind, number>> = {
  audio: APPLIES.duration | APPLIES.rate | APPLIES.channels | APPLIES.codec,
  video: APPLIES.duration | APPLIES.width | APPLIES.height | APPLIES.fps | APPLIES.codec,
  image: APPLIES.width | APPLIES.height,
  text: 0,
  sensor: APPLIES.duration,
  other: 0,
};

export function factsOf(media: Media): StoredFacts {
  const { path, container, size, audio, video, image, problems } = media;
  // What holds nothing is still what its name says that it should be.
  const kind = HOLDS_NOTHING.has(container) ? kindByName(path) : media.kind;
  const width = video?.width ?? image?.width;
  const height = video?.height ?? image?.height;
  const codec = video?.codec ?? audio?.codec;
  const asked: readonly (readonly [number, unknown])[] = [
    [APPLIES.duration, media.duration],
    [APPLIES.rate, audio?.sampleRate],
    [APPLIES.channels, audio?.channels],
    [APPLIES.width, width],
    [APPLIES.height, height],
    [APPLIES.fps, video?.frameRate],
    [APPLIES.codec, codec],
  ];
  return {
    kind,
    container,
    size,
    applies: asked.reduce((bits, [bit, value]) => (value === undefined ? bits : bits | bit), hasRows(container) ? APPLIES.rows : 0),
    duration: number(media.duration),
    rate: number(audio?.sampleRate),
    channels: number(audio?.channels),
    width: number(width),
    height: number(height),
    fps: number(video?.frameRate),
    codec: codec === undefined || isAbsent(codec) ? null : codec,
    rows: null,
    severity: problems.length === 0 ? null : severityOf(media),
    health: problems.length === 0 ? null : problems.join('; '),
  };
}

/** A file that holds nothing stops a run; of others the header alone does not tell so much. */
function severityOf({ container }: Media): Severity {
  return HOLDS_NOTHING.has(container) ? 'error' : 'warning';
}

function number(value: Measured<number> | undefined): number | null {
  const found = known(value);
  return found === undefined || !Number.isFinite(found) ? null : found;
}
