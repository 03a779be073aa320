import { join } from 'node:path';
import type { ToolOutput, ToolPlan } from '../../process/toolPlan.ts';
import type { Call, Engine, RawCall, Verdict } from '../engine.ts';
import type { ImagemagickCall } from '../imageWork.ts';
import { DECODERS } from './imagemagickDecoders.ts';
import { imagemagickOperators } from './imagemagickOperators.ts';
import { PathNames } from './imagemagickPaths.ts';

/** Command-line limits; the shipped policy has them too, and the system's own may be tighter. Disk 0: no spill files. */
const LIMITS: readonly (readonly [name: string, value: string])[] = [
  ['thread', '1'],
  ['width', '65KP'],
  ['height', '65KP'],
  ['area', '270MP'],
  ['memory', '2GiB'],
  ['map', '2GiB'],
  ['disk', '0'],
  ['time', '600'],
];

/**
 * Complaints about optional chunks and tags: the pixels are whole. libpng's ancillary colour chunks (iCCP, sRGB, gAMA,
 * cHRM) and libtiff's private tags.
 */
const HARMLESS = [
  /: (?:iCCP|sRGB|gAMA|cHRM|tEXt|zTXt|iTXt|eXIf|tIME|pHYs): .* @ warning\/png\.c\//,
  /: Unknown field with tag \d+ .* @ warning\/tiff\.c\//,
];

type AnyCall = ImagemagickCall | RawCall;

export interface ImagemagickOptions {
  /** Absolute path of the shipped `media/imagemagick-policy`: our policy.xml, and the sRGB profile that colours are converted to. */
  readonly policyFolder: string;
}

/**
 * ImageMagick 6 (`convert`) and 7 (`magick`): both take the same list here. Several pictures go through one process one
 * after the other, `… jpeg:in OPERATORS -write jpeg:out +delete …`, so that start-up is paid once.
 *
 * After an input that cannot be read the process goes on with what is left on its image stack, so that any *error* in a
 * group puts every call of it in doubt. A *warning* (a truncated JPEG) blames only the file it names.
 */
export function createImagemagickEngine({ policyFolder }: ImagemagickOptions): Engine<AnyCall> {
  const profile = join(policyFolder, 'srgb.icc');

  function plan(calls: readonly AnyCall[]): ToolPlan {
    const paths = new PathNames();
    const args = LIMITS.flatMap(([name, value]) => ['-limit', name, value]);
    for (const [index, call] of calls.entries()) {
      if ('raw' in call) {
        args.push(...call.raw);
        Object.assign(paths.links, call.links);
        continue;
      }
      const { work } = call;
      const decoder = DECODERS[work.source.container];
      if (decoder === undefined) {
        throw new Error(`ImageMagick is not asked to read ${work.source.container}`);
      }
      const output = paths.output(index, work.output);
      args.push(
        ...imagemagickOperators(work, {
          input: `${decoder}:${paths.input(index, work.source)}`,
          profile: paths.profile(profile),
        }),
        '-write',
        `${work.format}:${output}`,
      );
      args.push(index === calls.length - 1 ? 'null:' : '+delete');
    }
    return {
      tool: 'imagemagick',
      args,
      env: { MAGICK_CONFIGURE_PATH: policyFolder, MAGICK_THREAD_LIMIT: '1', OMP_NUM_THREADS: '1' },
      links: paths.links,
      exitCodes: [0, 1],
      parse: (output) => output,
    };
  }

  return {
    id: 'imagemagick',
    group: { calls: 16, cost: 64 },
    plan,
    judge: judgeImagemagick,
  };
}

/** Exit 0 is not enough: a truncated JPEG gives exit 0, a grey half and a warning. */
function judgeImagemagick(output: ToolOutput, calls: readonly Call[]): readonly Verdict[] {
  const lines = output.stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !HARMLESS.some((pattern) => pattern.test(line)));
  const warningsOnly = output.exitCode === 0 && lines.every((line) => / @ warning\//.test(line));
  if (output.exitCode === 0 && lines.length === 0) {
    return calls.map(() => ({ state: 'clean' }));
  }
  if (calls.length === 1) {
    return [{ state: warningsOnly ? 'complained' : 'failed', lines: lines.length > 0 ? lines : [`exit code ${output.exitCode}`] }];
  }
  if (!warningsOnly) {
    return calls.map(() => ({ state: 'unknown' }));
  }
  return blame(lines, calls);
}

function blame(lines: readonly string[], calls: readonly Call[]): readonly Verdict[] {
  const named = new Map(calls.map((call, index) => [`\`${namedIn(call, index)}' @ warning/`, index]));
  const blamed = new Set<number>();
  for (const line of lines) {
    const start = line.lastIndexOf('`');
    const index = named.get(line.slice(start, line.indexOf(' @ warning/', start) + ' @ warning/'.length));
    if (index === undefined) {
      return calls.map(() => ({ state: 'unknown' }));
    }
    blamed.add(index);
  }
  // Run alone, its verdict rests on its own stderr and not on a name in a message.
  return calls.map((_, index) => ({ state: blamed.has(index) ? 'unknown' : 'clean' }));
}

function namedIn(call: Call, index: number): string {
  return new PathNames().input(index, (call as ImagemagickCall).work.source).replace(/\[0\]$/, '');
}
