import { chmodSync, existsSync, watch, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Call, Engine } from '../../../../src/convert/engine.ts';
import { SkipItem, Unmet, exactly, type Preset } from '../../../../src/convert/preset.ts';
import { known } from '../../../../src/base/absent.ts';
import type { FoundTool, Toolbox } from '../../../../src/process/foundTool.ts';

/**
 * A tool that copies, `tool IN OUT [IN OUT …]`, and does what the input's name begins with: every way in which a tool can go wrong.
 * It stops at the first file that fails.
 */
const SCRIPT = `#!/bin/sh
while [ $# -gt 0 ]; do
  in=$1; out=$2; shift 2
  name=\${in##*/}; folder=\${out%/*}
  echo "$name" >> "\${0%/*}/log"
  case $name in
    bad-*) echo "cannot read $name: it is bad" >&2; printf half > "$out"; exit 3 ;;
    counts-*) printf '10%%\\r20%%\\rlost at 20%%\\r\\n' >&2; exit 3 ;;
    complain-*) cp "$in" "$out"; echo "warning: $name is damaged" >&2 ;;
    nothing-*) ;;
    empty-*) : > "$out" ;;
    wrong-*) cp "\${in%/*}/other.jpg" "$out" ;;
    hang-*) printf half > "$out"; : > "\${0%/*}/hangs"; sleep 1000 ;;
    changes-*) cp "$in" "$out"; printf more >> "$in" ;;
    twin-*) cp "$in" "$out"; cp "$in" "$folder/$name" ;;
    steals-*) cp "$in" "$out"; printf theirs > "$folder/$name" ;;
    gone-*) rm -rf "$folder" ;;
    last-*) cp "$in" "$out"; rm "$0" ;;
    fills-*) cat /dev/zero > "$out"; exit 1 ;;
    *) cp "$in" "$out" || exit 1 ;;
  esac
done
`;

export interface StandIn {
  readonly toolbox: Toolbox;
  /** Names of the inputs in the order in which they were run. */
  readonly log: string;
  /** There as soon as an input hangs. */
  readonly hangs: string;
  readonly path: string;
}

/** Makes the stand-in, as sox, in a folder of its own. */
export function standIn(folder: string): StandIn {
  const made = standInAt(folder);
  writeFileSync(made.path, SCRIPT);
  chmodSync(made.path, 0o755);
  return made;
}

/** The stand-in that was made in a folder. */
export function standInAt(folder: string): StandIn {
  const path = join(folder, 'tool');
  const tool: FoundTool = { id: 'sox', path, prefix: [], version: '1', banner: 'stand-in', features: new Set(), buildId: 'build-1' };
  return { toolbox: new Map([['sox', tool]]), log: join(folder, 'log'), hangs: join(folder, 'hangs'), path };
}

interface CopyCall extends Call {
  readonly engine: 'sox';
  readonly input: string;
  readonly output: string;
}

/** Cannot tell which of several calls failed, like ffmpeg; `calls` may share a process. */
export function copyEngine(calls = 8): Engine {
  const engine: Engine<CopyCall> = {
    id: 'sox',
    group: { calls, cost: 1000 },
    plan: (some) => ({ tool: 'sox', args: some.flatMap(({ input, output }) => [input, output]), parse: (output) => output }),
    judge({ exitCode, stderr }, some) {
      const lines = stderr.split('\n').filter((line) => line !== '');
      if (exitCode === 0 && lines.length === 0) {
        return some.map(() => ({ state: 'clean' }));
      }
      if (some.length > 1) {
        return some.map(() => ({ state: 'unknown' }));
      }
      return [exitCode === 0 ? { state: 'complained', lines } : { state: 'failed', lines }];
    },
  };
  return engine;
}

/** Copies pictures and expects the size that they have. `skip-…` and `unmet-…` are what their names say; `twice-…` takes two calls. */
export const copyPreset: Preset = {
  id: 'image.copy',
  title: 'Copy',
  summary: 'The same again.',
  kinds: ['image'],
  options: {},
  revision: 1,
  methods: [
    {
      engine: 'sox',
      *convert({ input, output }) {
        const name = basename(input);
        if (name.startsWith('skip-')) {
          throw new SkipItem('there is nothing to do');
        }
        if (name.startsWith('callless-')) {
          return {};
        }
        const call: CopyCall = { engine: 'sox', groupable: !name.startsWith('twice-'), input, output };
        yield call;
        if (name.startsWith('twice-')) {
          yield call;
        }
        if (name.startsWith('unmet-')) {
          throw new Unmet('it is too loud');
        }
        return name.startsWith('noted-') ? { notes: ['something to know'] } : {};
      },
    },
  ],
  output: () => ({ kind: 'file', extension: 'jpg' }),
  expect: ({ image }) => ({ container: ['jpeg'], image: { width: exactly(known(image?.width) ?? 0) } }),
};

/** Resolves when there is a file of this path. */
export function appeared(path: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(dirname(path), () => look());
    const look = (): void => {
      if (existsSync(path)) {
        watcher.close();
        resolve();
      }
    };
    look();
  });
}
