import type { Hover, Position } from 'vscode-languageserver-types';
import { MarkupKind } from 'vscode-languageserver-types';
import { known } from '../../../base/absent.ts';
import { formatBytes, formatCount, formatDuration } from '../../../base/format.ts';
import type { Media } from '../../../media/media.ts';
import { MediaError } from '../../../media/mediaError.ts';
import { splitMemberPath } from '../../../media/memberPath.ts';
import type { MediaPlace } from '../../../media/place.ts';
import type { OpenDocument } from '../../family.ts';
import type { RowPath } from '../checkRow.ts';
import type { Disk } from '../disk.ts';
import type { ManifestModel } from '../manifestModel.ts';
import { pictureOf } from './picture.ts';
import { categoryNames } from './views.ts';

/** A card of the medium under the cursor; of a key, what it is for; of anything else, which row it is. */
export async function hoverAt(model: ManifestModel, disk: Disk, document: OpenDocument, position: Position): Promise<Hover | undefined> {
  const offset = document.text.offsetAt(position);
  const row = model.rowAt(offset);
  if (row === undefined) {
    return undefined;
  }
  const [start, end] = model.spanOf(row);
  const found = offset > end ? undefined : model.parsed(row).pathAt(offset - start);
  if (found === undefined) {
    return undefined;
  }
  const range = { start: document.text.positionAt(start + found.span[0]), end: document.text.positionAt(start + found.span[1]) };
  const path = found.part === 'value' ? model.state(row).paths.find(({ at }) => sameWay(at, found.path)) : undefined;
  const lines = path === undefined ? factLines(model, row, String(found.path[0]), found.part) : await card(disk, path);
  const place = model.sectionOf(row) === '' ? `Row ${formatCount(row + 1)} of ${formatCount(model.count)}` : model.sectionOf(row);
  const isOne = model.count === 1;
  return { range, contents: { kind: MarkupKind.Markdown, value: [...lines, ...(isOne ? [] : [place])].join('\n\n') } };
}

function sameWay(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

function factLines(model: ManifestModel, row: number, key: string, part: 'key' | 'value'): string[] {
  const section = model.sectionOf(row);
  const spec = model.kind.keys(section, model.rows.layout).find(({ name }) => name === key);
  const lines = spec ? [`**${plain(key)}**${spec.needed === true ? ', in every row' : ''}: ${spec.help}`] : [`**${plain(key)}**`];
  if (part === 'value' && key === 'category_id') {
    const name = categoryNames(model).get(model.state(row).joint?.category_id);
    return name === undefined ? lines : [`Class **${plain(name)}**`, ...lines];
  }
  return lines;
}

async function card(disk: Disk, { file, path, isThere }: RowPath): Promise<string[]> {
  if (file === undefined) {
    return [plain(path)];
  }
  const inside = isThere ? undefined : splitMemberPath(file);
  if (!isThere) {
    return inside ? [`**${plain(inside.member)}** in ${plain(inside.file)}`, actionsOf(inside, false)] : [`**${plain(path)}** is not there.`, plain(file)];
  }
  const media = await disk.media(file);
  if (media instanceof MediaError) {
    return [`**${plain(path)}**`, plain(media.message)];
  }
  const picture = await pictureOf(media);
  return [...(picture === undefined ? [] : [`![](${picture})`]), `**${plain(path)}**`, mediaFacts(media), ...media.problems.map((problem) => `⚠ ${plain(problem)}`), actionsOf({ file }, media.kind === 'audio' || media.kind === 'video')];
}

/** `2.05 s · 16,000 Hz · 1 channel · pcm_s16le · 65.6 kB` */
export function mediaFacts({ duration, audio, video, image, size, container }: Media): string {
  const picture = image ?? video;
  const width = known(picture?.width);
  const height = known(picture?.height);
  const rate = known(audio?.sampleRate);
  const channels = known(audio?.channels);
  const length = known(duration);
  return [
    length === undefined ? undefined : length < 10 ? `${length.toFixed(2)} s` : formatDuration(length),
    width === undefined || height === undefined ? undefined : `${formatCount(width)} × ${formatCount(height)} px`,
    rate === undefined ? undefined : `${formatCount(rate)} Hz`,
    channels === undefined ? undefined : `${channels} ${channels === 1 ? 'channel' : 'channels'}`,
    known(video?.codec) ?? known(audio?.codec) ?? container,
    formatBytes(size),
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function actionsOf(place: MediaPlace, plays: boolean): string {
  const args = encodeURIComponent(JSON.stringify([place]));
  return `[${plays ? 'Play' : 'Open'}](command:trainyard.language.openMedium?${args}) · [Reveal](command:trainyard.language.revealMedium?${args})`;
}

/** Text as it is, whatever is in it: names of files are not Markdown, and not HTML. */
function plain(text: string): string {
  return text.slice(0, 500).replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, (character) => (character === '<' ? '&lt;' : character === '>' ? '&gt;' : character === '&' ? '&amp;' : `\\${character}`)).replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, ' ');
}
