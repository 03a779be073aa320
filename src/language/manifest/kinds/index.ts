import { coco } from './coco.ts';
import { conversations } from './conversations.ts';
import { leRobot, yolo } from './documents.ts';
import { hf } from './hf.ts';
import type { KindId, ManifestKind } from './kind.ts';
import { nemo } from './nemo.ts';
import { commonVoice, kaldi, ljSpeech } from './speech.ts';
import { table } from './table.ts';

/** Every format of manifests; which one a document is of is told by `recogniseManifest.ts`. */
export const KINDS: Readonly<Record<KindId, ManifestKind>> = { nemo, hf, conversations, table, ljspeech: ljSpeech, 'common-voice': commonVoice, kaldi, coco, yolo, lerobot: leRobot };
