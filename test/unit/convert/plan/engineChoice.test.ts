import { describe, expect, it } from 'vitest';
import type { ImageEngineChoice } from '../../../../src/convert/job.ts';
import { createEngineChooser } from '../../../../src/convert/plan/engineChoice.ts';
import type { Preset } from '../../../../src/convert/preset.ts';
import type { Media } from '../../../../src/media/media.ts';
import type { ToolId } from '../../../../src/process/toolPlan.ts';
import { aTool, STATES, toFlac, toWebp } from './planning.ts';

const wav: Media = { path: '/a.wav', kind: 'audio', container: 'wav', size: 1, problems: [] };
const caf: Media = { ...wav, container: 'caf' };
const gif: Media = { path: '/a.gif', kind: 'image', container: 'gif', size: 1, problems: [] };

function chooser(preset: Preset, tools: readonly ToolId[], imageEngine: ImageEngineChoice = 'auto', features: readonly string[] = ['libsoxr']) {
  return createEngineChooser({
    preset, imageEngine,
    options: {},
    tools: new Map(tools.map((id) => [id, aTool(id, { features: new Set(features) })])),
    states: STATES,
  });
}

describe('the engine of a file', () => {
  it.each([
    ['auto', ['sharp', 'imagemagick'], 'sharp'],
    ['sharp', ['sharp', 'imagemagick'], 'sharp'],
    ['imagemagick', ['sharp', 'imagemagick'], 'imagemagick'],
    ['imagemagick', ['sharp'], 'sharp'],
    ['sharp', ['imagemagick'], 'imagemagick'],
  ] as const)('is for pictures, asked for %s with %j there, %s', (imageEngine, tools, engine) => {
    expect(chooser(toWebp, tools, imageEngine).choose(gif)).toMatchObject({ engine });
  });

  it('is the next one where the first refuses the file, or is not there', () => {
    expect(chooser(toFlac, ['sox', 'ffmpeg']).choose(wav)).toMatchObject({ engine: 'sox' });
    expect(chooser(toFlac, ['sox', 'ffmpeg']).choose(caf)).toMatchObject({ engine: 'ffmpeg' });
    expect(chooser(toFlac, ['ffmpeg']).choose(wav)).toMatchObject({ engine: 'ffmpeg' });
  });

  it.each([
    [['sox'], ['libsoxr'], 'sox does not read caf; ffmpeg is not installed: sudo apt-get install ffmpeg'],
    [['sox', 'ffmpeg'], [], 'sox does not read caf; ffmpeg is built without libsoxr here'],
    [[], [], 'SoX is not installed: sudo apt-get install sox; ffmpeg is not installed: sudo apt-get install ffmpeg'],
  ] as const)('is none with %j and features %j, and every reason is told', (tools, features, refused) => {
    expect(chooser(toFlac, tools, 'auto', features).choose(caf)).toEqual({ refused });
  });

  it('is none where the preset itself refuses the file, whatever is installed', () => {
    const preset: Preset = { ...toFlac, refuse: () => 'it is too short' };
    expect(chooser(preset, ['sox', 'ffmpeg']).choose(wav)).toEqual({ refused: 'it is too short' });
  });

  it('says of a preset that no tool is there for what to install, and of others nothing', () => {
    expect(chooser(toFlac, []).impossible).toContain('sudo apt-get install sox');
    expect(chooser(toFlac, ['sox']).impossible).toBeUndefined();
    expect(chooser(toWebp, []).impossible).toBe('sharp is not there; ImageMagick is not installed: sudo apt-get install imagemagick');
  });
});
