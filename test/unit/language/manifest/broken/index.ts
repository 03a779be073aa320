import { COCO } from './coco.ts';
import { CONVERSATIONS } from './conversations.ts';
import { HF } from './hf.ts';
import { KALDI } from './kaldi.ts';
import { NEMO } from './nemo.ts';
import { TABLE } from './table.ts';
import type { Broken } from './samples.ts';

/** Sound manifests of the commonest formats, and the ways in which each is broken. */
export const BROKEN: readonly Broken[] = [NEMO, HF, TABLE, ...KALDI, COCO, CONVERSATIONS];
