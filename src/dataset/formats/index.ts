import type { DatasetFormat, Evidence, FolderLook } from '../format.ts';
import { captionPairs } from './captionPairs.ts';
import { coco } from './coco/index.ts';
import { commonVoice } from './commonVoice.ts';
import { conversations } from './conversations.ts';
import { audioFolder, imageFolder, videoFolder } from './hfFolder/index.ts';
import { imageShards } from './imageShards.ts';
import { kaldi } from './kaldi.ts';
import { kitti } from './kitti.ts';
import { leRobot2, leRobot3 } from './leRobot/index.ts';
import { lhotse } from './lhotse.ts';
import { libriSpeech } from './libriSpeech.ts';
import { ljSpeech } from './ljSpeech.ts';
import { nemo } from './nemo.ts';
import { nuscenes } from './nuscenes.ts';
import { plainFolders } from './plainFolders.ts';
import { rosbag } from './rosbag.ts';
import { table } from './table.ts';
import { tfRecord } from './tfRecord.ts';
import { voc } from './voc.ts';
import { webDataset } from './webDataset.ts';
import { yolo } from './yolo.ts';

/** Every format that is known; where two fit equally well, the earlier one. A format is one line here. */
export const DATASET_FORMATS: readonly DatasetFormat[] = [
  imageFolder,
  audioFolder,
  videoFolder,
  nemo,
  kaldi,
  commonVoice,
  ljSpeech,
  libriSpeech,
  coco,
  yolo,
  voc,
  kitti,
  nuscenes,
  imageShards,
  webDataset,
  conversations,
  lhotse,
  leRobot2,
  leRobot3,
  tfRecord,
  rosbag,
  captionPairs,
  table,
  plainFolders,
];

export interface Recognised extends Evidence {
  readonly format: DatasetFormat;
}

/** Formats that are offered. */
const OFFERED = 3;

/** The formats that fit a folder or file, the likeliest first, at most three. Never throws. */
export function recogniseFormats(look: FolderLook): readonly Recognised[] {
  return DATASET_FORMATS.flatMap((format): Recognised[] => {
    const evidence = format.recognise(look);
    return evidence === undefined ? [] : [{ format, ...evidence }];
  })
    .sort((a, b) => b.score - a.score)
    .slice(0, OFFERED);
}

export function formatById(id: string): DatasetFormat | undefined {
  return DATASET_FORMATS.find((format) => format.id === id);
}
