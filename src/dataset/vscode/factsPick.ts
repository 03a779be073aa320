import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { env, window } from 'vscode';
import type { QuickPickItem, Uri } from 'vscode';
import { isAbsent, known } from '../../base/absent.ts';
import type { Measured } from '../../base/absent.ts';
import { formatBytes, formatCount, formatCountOf, formatExactBytes } from '../../base/format.ts';
import { printable } from '../../base/printable.ts';
import type { Media } from '../../media/media.ts';
import { MediaError } from '../../media/mediaError.ts';
import type { Prober } from '../../media/probe.ts';
import { createProber } from '../../media/probe.ts';

/** Files whose headers are read for one look; of more the first ones. */
const MOST_FILES = 500;

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Shows what files are by their headers; what is chosen is copied. */
export async function showFacts(uris: readonly Uri[]): Promise<void> {
  const files = uris.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
  const [first] = files;
  if (first === undefined) {
    return;
  }
  const facts = files.length === 1 ? await factsOfFile(first) : await factsOfFiles(files);
  const items = facts.map(({ name, value }): QuickPickItem & Fact => ({ label: name, description: value, name, value }));
  const title = files.length === 1 ? printable(basename(first)) : formatCountOf(files.length, 'file');
  const chosen = await window.showQuickPick(items, { title: `Facts of ${title}`, placeHolder: 'Enter copies a value', matchOnDescription: true });
  if (chosen !== undefined) {
    await env.clipboard.writeText(chosen.value);
  }
}

export async function factsOfFile(file: string, prober = createProber()): Promise<readonly Fact[]> {
  try {
    const media = await probed(prober, file);
    const { mtimeMs } = statSync(file);
    return [...factsOfMedia(media), { name: 'Modified', value: new Date(mtimeMs).toLocaleString() }, { name: 'Path', value: printable(file) }];
  } catch (error) {
    return [{ name: 'Cannot be read', value: printable(MediaError.from(error, file).message) }];
  }
}

function factsOfMedia({ kind, container, size, duration, audio, video, image, problems }: Media): Fact[] {
  const picture = image ?? video;
  return [
    ...problems.map((problem) => ({ name: 'Problem', value: printable(problem) })),
    { name: 'Kind', value: `${kind}, ${container} by its content` },
    { name: 'Size', value: `${formatBytes(size)} (${formatExactBytes(size)})` },
    ...(duration === undefined ? [] : [{ name: 'Length', value: words(duration, (seconds) => `${seconds.toFixed(3)} s`) }]),
    ...(picture === undefined ? [] : [{ name: 'Pixels', value: words(picture.width, (width) => `${formatCount(width)} × ${words(picture.height, formatCount)}`) }]),
    ...(image === undefined ? [] : [{ name: 'Colours', value: `${words(image.bitDepth, (bits) => `${bits}-bit `)}${words(image.colour, String)}${known(image.alpha) === true ? ', with opacity' : ''}` }]),
    ...(known(image?.orientation) === undefined || known(image?.orientation) === 1 ? [] : [{ name: 'EXIF orientation', value: String(known(image?.orientation)) }]),
    ...(video === undefined ? [] : [{ name: 'Video', value: `${words(video.codec, String)}, ${words(video.frameRate, (rate) => `${Number(rate.toFixed(3))} frames a second`)}` }]),
    ...(audio === undefined ? [] : [{ name: 'Sound', value: `${words(audio.codec, String)}, ${words(audio.sampleRate, (rate) => `${formatCount(rate)} Hz`)}, ${words(audio.channels, (count) => formatCountOf(count, 'channel'))}` }]),
  ];
}

async function factsOfFiles(files: readonly string[]): Promise<readonly Fact[]> {
  const sums = { bytes: 0, seconds: 0, timed: 0, broken: 0 };
  const kinds = new Map<string, number>();
  const prober = createProber();
  for (const file of files.slice(0, MOST_FILES)) {
    try {
      const { kind, size, duration, problems } = await probed(prober, file);
      const seconds = known(duration);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      sums.bytes += size;
      sums.seconds += seconds ?? 0;
      sums.timed += seconds === undefined ? 0 : 1;
      sums.broken += problems.length > 0 ? 1 : 0;
    } catch {
      sums.broken++;
    }
  }
  return [
    ...(sums.broken === 0 ? [] : [{ name: 'With problems', value: formatCountOf(sums.broken, 'file') }]),
    { name: 'Kinds', value: [...kinds].map(([kind, count]) => `${formatCount(count)} ${kind}`).join(', ') },
    { name: 'Size', value: `${formatBytes(sums.bytes)} (${formatExactBytes(sums.bytes)})` },
    ...(sums.timed === 0 ? [] : [{ name: 'Length', value: `${sums.seconds.toFixed(3)} s, of ${formatCountOf(sums.timed, 'file')}` }]),
    ...(files.length > MOST_FILES ? [{ name: 'Not looked at', value: formatCountOf(files.length - MOST_FILES, 'file') }] : []),
  ];
}

/** Headers alone are read: a few kilobytes of each file. */
async function probed(prober: Prober, file: string): Promise<Media> {
  return prober.probeFast(file) ?? (await prober.probe(file));
}

function words<T extends string | number>(value: Measured<T>, show: (value: T) => string): string {
  return isAbsent(value) ? value.absent : show(value);
}
