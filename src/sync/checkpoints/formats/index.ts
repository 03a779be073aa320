import type { CheckpointFormat } from '../../checkpoint.ts';
import { dcp } from './dcp.ts';
import { deepspeed } from './deepspeed.ts';
import { flax } from './flax.ts';
import { gguf } from './gguf.ts';
import { hfTrainer } from './hfTrainer.ts';
import { keras, kerasH5 } from './keras.ts';
import { lightning } from './lightning.ts';
import { orbax } from './orbax.ts';
import { safetensors } from './safetensors.ts';
import { savedModel } from './savedModel.ts';
import { safetensorsSharded, torchSharded } from './sharded.ts';
import { tensorflow } from './tensorflow.ts';
import { torch } from './torch.ts';
import { torchLegacy } from './torchLegacy.ts';

/** Every kind of checkpoint that is known. */
export const FORMATS: readonly CheckpointFormat[] = [
  safetensors,
  safetensorsSharded,
  torch,
  torchLegacy,
  torchSharded,
  lightning,
  hfTrainer,
  dcp,
  deepspeed,
  orbax,
  flax,
  tensorflow,
  savedModel,
  keras,
  kerasH5,
  gguf,
];
