import { imagemagickPolicyFolder, type Installation } from '../../installation.ts';
import type { Engine, EngineId } from '../engine.ts';
import { ffmpegEngine } from './ffmpeg.ts';
import { createImagemagickEngine } from './imagemagick.ts';
import { sharpEngine } from './sharp.ts';
import { soxEngine } from './sox.ts';

export type Engines = ReadonlyMap<EngineId, Engine>;

export function createEngines(installation: Installation): Engines {
  const engines = [soxEngine, ffmpegEngine, createImagemagickEngine({ policyFolder: imagemagickPolicyFolder(installation) }), sharpEngine];
  return new Map(engines.map((engine) => [engine.id, engine as unknown as Engine]));
}
